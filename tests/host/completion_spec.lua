-- SPDX-License-Identifier: MIT
-- Completion, in the shells themselves.

local program = require "host.program"

local LOOK = [[
local args = require "traceleft.args"
args.parse { name = "look", doc = "What is there?", { "-k --kind", "what", choices = { "red", "green" } },
             { "--event", "which", type = "events" }, { "--only", "where", argname = "FILE", type = "string" },
             { "word", "one", choices = { "alpha", "beta" } }, args.WHICH }
]]

-- What is typed, and all that it can become.
local CASES = {
  { "traceleft-lua look", "look" },
  { "traceleft-lua opens", "opensnoop" },
  { "traceleft-lua -t tcp.c", "tcp.close", "tcp.connect" },
  { "traceleft-lua -t tcp.connect,tcp.l", "tcp.connect,tcp.listen" },
  { "traceleft-lua -t openat", "openat", "openat2" },
  { "traceleft-lua -t syscall.openat", "syscall.openat", "syscall.openat2" },
  { "traceleft-lua -t %cl", "%clock" },
  { "traceleft-lua -t close --by du", "duration" },
  { "traceleft-lua -t close --fields pid,du", "pid,duration" },
  { "traceleft-lua --hist du" },
  { "traceleft-lua -t tcp.connect --hist=dp", "--hist=dport" },
  { "traceleft-lua --by com", "comm" },
  { "traceleft-lua --channel ", "auto", "perf", "ring" },
  { "traceleft-lua --completion ", "bash", "fish", "zsh" },
  { "traceleft-lua --comp", "--completion" },
  { "traceleft-lua --user roo", "root" },
  { "traceleft-lua -t close -w du", "duration" },
  { "traceleft-lua -t close --format '{dur", "{duration}" },
  { "traceleft-lua -t close --format '{pid}-{dur", "{pid}-{duration}" },
  { "traceleft-lua -l mod", "module" },
  { "traceleft-lua --no com", "comm=" },
  { "traceleft-lua --no user=roo", "user=root" },
  { "traceleft-lua errsnoop -e ENOTT", "ENOTTY" },
  { "traceleft-lua errsnoop --no ENOENT,ENOTT", "ENOENT,ENOTTY" },
  { "traceleft-lua --describe tcp.li", "tcp.listen" },
  { "traceleft-lua --list tcp.li", "tcp.listen" },
  { "traceleft-lua --man loo", "look" },
  { "traceleft-lua -f -c ls look --ki", "--kind" },
  { "traceleft-lua look -k ", "green", "red" },
  { "traceleft-lua look --kind=g", "--kind=green" },
  { "traceleft-lua look --event tcp.li", "tcp.listen" },
  { "traceleft-lua look --unit nginx --contai", "--container" },
  { "traceleft-lua look -k red al", "alpha" },
  { "traceleft-lua lib/scripts/look.lua --ki", "--kind" },
  { "traceleft-lua --battery som", "some-file" },
  { "traceleft-lua look --only som", "some-file" },
  { "traceleft-lua -c sleep-as-n", "sleep-as-none" },
}

local BASH = [==[
source <(traceleft-lua --completion bash)
complete -p traceleft-lua >&2
while IFS= read -r line; do
	# as bash itself splits the words: at blanks, and at = as a word of its own
	words=()
	for word in $line; do
		if [[ $word == *=* ]]; then words+=("${word%%=*}" = "${word#*=}"); else words+=("$word"); fi
	done
	[[ $line == *' ' ]] && words+=('')
	COMP_WORDS=("${words[@]}") COMP_CWORD=$((${#words[@]} - 1)) COMP_LINE=$line COMP_POINT=${#line}
	COMPREPLY=()
	_traceleft_lua traceleft-lua "${words[-1]}" "${words[-2]}"
	echo "${COMPREPLY[*]}"
done <lines
]==]

local FISH = [==[
traceleft-lua --completion fish | source
while read -l line
	set words (complete -C $line | string replace -r '\t.*' '')
	echo "$words"
end <lines
]==]

-- zsh cannot be asked; it is typed to, and what it makes of the line is what can be seen.
local ZSH = [==[
zmodload zsh/zpty
zpty -b z zsh -f -i
zpty -w z "PS1=; autoload -U compinit; compinit -u -D; source <(traceleft-lua --completion zsh)"
zpty -w z 'show() { print -r -- "$BUFFER" >>buffers; BUFFER= }; zle -N show; bindkey "^T" show; setopt no_beep'
zpty -w z 'unsetopt auto_menu; LISTMAX=10000; PROMPT_EOL_MARK=; print READ""Y'
zpty -r z out '*READY*'
integer n=0
: >buffers
while IFS= read -r line; do
	zpty -w -n z "$line"$'\t\x14'
	(( n++ ))
	for (( i = 0; i < 500 && $(grep -c '' buffers) < n; i++ )) zpty -r -t z out && : || sleep 0.01
done <lines
zpty -d z
]==]

-- The longest begin that the words have in common.
local function common(words)
  local begin = words[1] or ""
  for _, word in ipairs(words) do
    while word:sub(1, #begin) ~= begin do begin = begin:sub(1, -2) end
  end
  return begin
end

-- What zsh makes of a line that its last word can become these.
local function completed(line, words)
  if #words == 0 then return line end
  local before, quote = line:match "^(.*%s)('?)%S*$"
  local begin = common(words)
  return before .. quote .. begin .. quote .. (#words == 1 and begin:sub(-1) ~= "=" and " " or "")
end

local function lines_of(text)
  local list = {}
  for line in text:gmatch "([^\n]*)\n" do list[#list + 1] = line end
  return list
end

describe("completion", function()
  local place
  setup(function()
    place = program.place()
    place:install()
    place.env = { TRACELEFT_PATH = place.path .. "/lib", TERM = "dumb",
                  PATH = place.path .. "/bin:" .. os.getenv "PATH" }
    place:write("lib/scripts/look.lua", LOOK)
    place:write("some-file", "")
    place:write("lib/lua/module.lua", "")
    place:write("bin/sleep-as-none", "")
    place:sh "chmod +x bin/sleep-as-none"
    local typed = {}
    for i, case in ipairs(CASES) do typed[i] = case[1] .. "\n" end
    place:write("lines", table.concat(typed))
  end)
  teardown(function() place:remove() end)

  local function run(shell, text)
    if not program.has(shell) then pending("no " .. shell .. " here") return nil end
    place:write("driver", text)
    local out, err, status = place:sh(shell .. (shell == "zsh" and " -f" or shell == "fish" and " --no-config" or "")
      .. " driver")
    assert.equal(0, status, err)
    return out, err
  end

  it("is there in bash", function()
    local out, err = run("bash", BASH)
    if not out then return end
    assert.equal("complete -F _traceleft_lua traceleft-lua\n", err)
    for i, line in ipairs(lines_of(out)) do
      local words, expected = {}, { table.unpack(CASES[i], 2) }
      for word in line:gmatch "%S+" do words[#words + 1] = word end
      local cut = CASES[i][1]:match "%S*=" or ""      -- bash replaces what is behind it
      for k, word in ipairs(expected) do expected[k] = word:sub(#cut + 1) end
      table.sort(words)
      assert.same(expected, words, CASES[i][1])
    end
    assert.equal(#CASES, #lines_of(out))
  end)

  it("is there in fish", function()
    local out = run("fish", FISH)
    if not out then return end
    for i, line in ipairs(lines_of(out)) do
      local words = {}
      for word in line:gmatch "%S+" do words[#words + 1] = word end
      table.sort(words)
      assert.same({ table.unpack(CASES[i], 2) }, words, CASES[i][1])
    end
    assert.equal(#CASES, #lines_of(out))
  end)

  it("is there in zsh", function()
    if not run("zsh", ZSH) then return end
    local buffers = lines_of((place:sh "cat buffers"))
    for i, line in ipairs(buffers) do
      assert.equal(completed(CASES[i][1], { table.unpack(CASES[i], 2) }), line, CASES[i][1])
    end
    assert.equal(#CASES, #buffers)
  end)

  it("is clean for the shells' own checks", function()
    for _, one in ipairs { { "bash", "shellcheck", "shellcheck -s bash -" }, { "zsh", "zsh", "zsh -n" },
                           { "fish", "fish", "fish -n" } } do
      local checked = program.has(one[2])
      if not checked then pending("no " .. one[2] .. " here") end
      if checked then
        assert.same({ "", "", 0 }, { place:sh(("traceleft-lua --completion %s | %s"):format(one[1], one[3])) })
      end
    end
  end)

  it("offers no name that a shell would take for more than a word", function()
    local out = place:sh([[
      cp "$(command -v sleep)" '$(touch trace)'; cp "$(command -v sleep)" safe-name
      ./'$(touch trace)' 60 & one=$!; ./safe-name 60 & two=$!
      until [ "$(cat /proc/$one/comm)" = '$(touch trace)' ] && [ "$(cat /proc/$two/comm)" = safe-name ]; do :; done
      traceleft-lua --complete -- traceleft-lua --comm ''
      kill $one $two]])
    assert.truthy(("\n" .. out):find "\nsafe%-name\n")
    assert.is_nil(out:find("touch", 1, true))
  end)

  it("says what each word means, in one line", function()
    local out = place:run("--complete", "--", "traceleft-lua", "look", "--k")
    assert.equal("--kind\twhat\n", out)
    for _, line in ipairs(lines_of((place:run("--complete", "--", "traceleft-lua", "-")))) do
      assert.truthy(line:find "^%-[%w-]+\t[^\t]+$", line)
    end
  end)

  it("is silent where there is nothing to say", function()
    for _, words in ipairs { {}, { "traceleft-lua" }, { "traceleft-lua", "no-such-tool", "-" } } do
      local out, err, status = place:run("--complete", "--", table.unpack(words))
      assert.same({ "", 0 }, { err, status })
      assert.truthy(out == "" or out == ":files\n")
    end
  end)
end)
