-- SPDX-License-Identifier: MIT
--- shells: --completion, what makes a shell ask the program itself what a word could become.

local M = {}

local TEXTS = {}

-- bash splits words at = and :, and puts what it gets in place of the part behind the last of them.
TEXTS.bash = [==[
# bash completion of traceleft-lua
_traceleft_lua()
{
	local -a words=()
	local word cut line glue=

	for word in "${COMP_WORDS[@]:0:COMP_CWORD+1}"; do
		word=${word//[\'\"\\]/}
		if [[ ${#words[@]} -gt 0 && ( -n $glue || $word == [=:] ) ]]; then
			words[${#words[@]}-1]+=$word
		else
			words+=("$word")
		fi
		glue=
		[[ $word == [=:] ]] && glue=1
	done
	word=${words[${#words[@]}-1]}
	cut=${word%"${word##*[=:]}"}
	COMPREPLY=()
	while IFS= read -r line; do
		case $line in
		:files)
			compopt -o filenames 2>/dev/null
			while IFS= read -r line; do COMPREPLY+=("$line"); done < <(compgen -f -- "${word#"$cut"}")
			;;
		:commands)
			while IFS= read -r line; do COMPREPLY+=("$line"); done < <(compgen -c -- "$word" | sort -u)
			;;
		*)
			line=${line%%$'\t'*}
			[[ $line == *= ]] && compopt -o nospace 2>/dev/null
			COMPREPLY+=("${line#"$cut"}")
			;;
		esac
	done < <("$1" --complete -- "${words[@]}" 2>/dev/null)
}
complete -F _traceleft_lua traceleft-lua
]==]

TEXTS.zsh = [==[
#compdef traceleft-lua
# zsh completion of traceleft-lua
_traceleft_lua() {
	local line word
	local -a candidates asked joined

	asked=("${(@Q)words[1,CURRENT-1]}" "${(Q)PREFIX}")
	for line in "${(@f)$("${asked[1]}" --complete -- "${asked[@]}" 2>/dev/null)}"; do
		case $line in
		'') ;;
		:files) compset -P '*='; _files; return ;;
		:commands) _command_names -e; return ;;
		*)
			word=${line%%$'\t'*}
			[[ $word == *= ]] && joined=(-S '')
			candidates+=("${word//:/\\:}${${line#$word}/$'\t'/:}")
			;;
		esac
	done
	(( $#candidates )) && _describe -V 'traceleft-lua' candidates "${joined[@]}"
}
if [ "$funcstack[1]" = "_traceleft-lua" ]; then
	_traceleft_lua "$@"
else
	compdef _traceleft_lua traceleft-lua
fi
]==]

TEXTS.fish = [==[
# fish completion of traceleft-lua
function __traceleft_lua
	set -l words (commandline -opc)
	for line in ($words[1] --complete -- $words (commandline -ct | string unescape) 2>/dev/null)
		switch $line
			case :files
				set -l before (commandline -ct | string match -r '^--[^=]+=')
				set -l typed (commandline -ct | string replace -r '^--[^=]+=' '' | string unescape)
				printf '%s\n' "$before"(__fish_complete_path $typed)
			case :commands
				complete -C (commandline -ct | string unescape)
			case '*'
				printf '%s\n' $line
		end
	end
end
complete -c traceleft-lua -f -a '(__traceleft_lua)'
]==]

--- The completion for that shell.
---@param shell string
---@return string
function M.text(shell)
  return TEXTS[shell]
end

return M
