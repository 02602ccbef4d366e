-- SPDX-License-Identifier: MIT
--- cases: what a person does in systop, and what the screen must show then. A case gets the screen, with a shell's
--- prompt on it, the number of a busy process, and a folder of its own.

local screen = require "screen"

local TRACELEFT = os.getenv "TRACELEFT" or "build/traceleft-lua"

local function systop(options) return ("%s systop %s"):format(TRACELEFT, options) end

-- The lines of a text.
local function lines_of(text)
  local list = {}
  for line in (text .. "\n"):gmatch "([^\n]*)\n" do list[#list + 1] = line end
  return list
end

local function shell_is_back(text) return text:match "[^\n]*$" == "$" end

-- As it was: keys are shown, and lines are lines.
local function await_terminal(s)
  s:await(shell_is_back, "the prompt")
  s:line("stty -a | tr ';' '\\n' | grep -c '[^-]icanon.*[^-]echo '", "\n1\n")
end

local CASES = {}
local function case(name, fn, rows, columns)
  CASES[#CASES + 1] = { name = name, fn = fn, rows = rows, columns = columns }
end

case("80x24: head, rows that fit, the distribution of the first", function(s, pid)
  s:type(systop("-f -p " .. pid), true)
  local _, text = s:await "in this interval: half <"
  local lines = lines_of(text)
  assert(lines[1]:find "^ systop  Processes  [%d.k]+/s  %d+ rows  every 1s +%d%d:%d%d:%d%d$", lines[1])
  assert(lines[3]:find "^ +PID COMM +CALLS/S▼ +FAIL/S +AVG +LONGEST +INSIDE$", lines[3])
  assert(lines[4]:find "^ *%d+ %l+ +[%d.]+ +[%d.]+ +[%d.]+[nµm]?s .* +[▁▂▃▄▅▆▇█]+$", lines[4])
  assert(#lines == 24, "lines: " .. #lines)
  for _, line in ipairs(lines) do assert(utf8.len(line) <= 80, line) end
  assert(lines[24]:find "^Enter into", lines[24])
end)

case("132x43, and another size while it runs", function(s, pid)
  s:type(systop("-f -p " .. pid .. " -i 30"), true)
  s:await "counting …"
  s:resize(132, 43)
  s:await(function(text) return #lines_of(text) == 43 and text:find "%? help  q leave$" end, "132x43")
  s:resize(40, 10)
  s:await(function(text) return #lines_of(text) == 10 and not text:find "─" end, "40x10")
  s:resize(80, 24)
  s:await(function(text) return #lines_of(text) == 24 and text:find "─" end, "80x24")
end)

case("into a row, and back", function(s, pid)
  s:type(systop("-p " .. pid .. " -i 0.5"), true)
  s:await("\n *" .. pid .. " sh ")
  s:key "Enter"
  s:await("\n› sh%[" .. pid .. "%]\nCALL ")
  s:await "\nwait4 "
  s:key "BSpace"
  s:await("\n *" .. pid .. " sh ")
  s:key "BSpace"
  s:await "this is the first one"
end)

case("other views of the same", function(s, pid)
  s:type(systop("-f -p " .. pid .. " -i 0.5"), true)
  s:await "INSIDE\n *%d+ "
  s:key "2"
  s:await "\nopenat "
  s:key "7"
  s:await "\nopenat +ENOENT "
  s:key "3"
  s:await "/etc/passwd"
end)

case("an expression: what is wrong is said, what is right is counted", function(s, pid)
  s:type(systop("-f -p " .. pid .. " --view call -i 0.5"), true)
  s:await "\nread "
  s:type("/rett < 0", true)
  s:await "\nwhere: rett < 0   no field 'rett'; did you mean 'ret'%?$"
  s:key "C-u"
  s:type("ret < 0", true)
  s:await(function(text)
    return text:find("\nwhere ret < 0\n", 1, true) and text:find "\nopenat " and not text:find "\nread "
  end, "calls that fail")
end)

case("sorting, freezing, help", function(s, pid)
  s:type(systop("-f -p " .. pid .. " --view call -i 0.5"), true)
  s:await "CALLS/S▼"
  s:key "'>'"
  s:await "FAIL/S▼"
  s:key "r"
  s:await "FAIL/S▲"
  s:key "Space"
  s:await "FROZEN"
  s:key "'?'"
  s:await "Enter, Backspace +into the selected row"
  s:key "x"
  s:await "FROZEN"
  s:key "h"
  s:await(function(text) return not text:find "─" end, "no distribution")
end)

case("the terminal is as it was: q, Ctrl-C, SIGTERM, Ctrl-Z", function(s, pid, room)
  s:type(systop("-p " .. pid), true)
  s:await "systop  Processes"
  s:key "q"
  await_terminal(s)
  s:type(systop("-p " .. pid), true)
  s:await "systop  Processes"
  s:key "C-z"
  s:await "Stopped"
  s:type("fg", true)
  s:await "systop  Processes"
  s:key "C-c"
  await_terminal(s)
  s:type(("echo $$ > %s/pid; exec %s"):format(room, systop("-p " .. pid)), true)
  s:tmux "set -g remain-on-exit on"
  s:await "systop  Processes"
  screen.sh(("kill -TERM $(cat %s/pid)"):format(room))
  -- tmux knows that it has ended; of what it writes into the pane then not all comes.
  s:await(function(text)
    return s:tmux "display -p '#{pane_dead}'":find "1" and text:find("exec ", 1, true)
  end, "the end of the program, and what was there before")
end)

case("names that are none for a terminal", function(s, _, room)
  local file = ("%s/a\27]0;title\7b"):format(room)
  screen.sh(("echo x > '%s'"):format(file))
  local loop = ("while [ -d %s ]; do cat '%s'; sleep 0.02; done"):format(room, file)
  local busy = screen.sh(("sh -c \"%s\" >/dev/null 2>&1 & echo $!"):format(loop)):match "%d+"
  s:type(systop("--view file -i 0.5 -f -p " .. busy), true)
  local ok, wrong = pcall(s.await, s, "/a\\x1b%]0;title\\x07b")
  screen.sh("kill " .. busy)
  assert(ok, wrong)
end)

case("a terminal without UTF-8", function(s, pid)
  s:type("LC_ALL=C LANG=C " .. systop("-f -p " .. pid), true)
  local _, text = s:await "in this interval: half <"
  assert(not text:sub(-1500):find "[\128-\255]", text)
  assert(text:find "CALLS/Sv", text)
end)

case("no terminal that is known", function(s)
  s:line("TERM=nonsense " .. systop "" .. "; echo $?", "TERM=nonsense is not known here.*\n3\n")
  s:line("TERM= " .. systop "" .. "; echo $?", "TERM is not set.*\n3\n")
  s:line(systop "" .. " | cat", "stdin and stdout must be a terminal")
end)

case("few bytes for a refresh", function(s, pid, room)
  s:type(systop("-p " .. pid .. " --view process -i 0.5"), true)
  s:await "in this interval: half <"
  s:tmux(("pipe-pane 'cat >> %s/bytes'"):format(room))
  local first = s:await "%d%d:%d%d:%d%d"
  local n = 0
  while n < 5 do
    s:await(function(text) return text:match "%d%d:%d%d:%d%d" ~= first end, "another second")
    first = s:text():match "%d%d:%d%d:%d%d"
    n = n + 1
  end
  s:tmux "pipe-pane"
  local bytes = tonumber(screen.sh(("wc -c < %s/bytes"):format(room)))
  assert(bytes > 0 and bytes / (2 * n) < 700, ("%d bytes for %d refreshes"):format(bytes, 2 * n))
  print(("    %d bytes for a refresh"):format(bytes // (2 * n)))
end)

return CASES
