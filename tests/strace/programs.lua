-- SPDX-License-Identifier: MIT
--- The programs: { name =, run = script of sh -e, before = what is prepared unseen, needs = programs that must be
--- there, status = how it ends (0) }. `before` has $home too, where this file is.
--
-- They run in an empty folder with an environment of their own, in which $programs is where the C programs of
-- tests/strace/programs are. What a script starts must have ended with it. No address but loopback ones.

-- A small tree with names that are hard to show.
local TREE = [[
odd=$(printf 'new\nline\t"<\\>\001\377')
mkdir -p tree/a/b/c 'tree/with space' "tree/$odd"
for i in 1 2 3 4 5 6 7 8; do echo "line $i of it" >tree/a/$i.txt; done
cp tree/a/1.txt tree/a/b/
cp tree/a/2.txt "tree/with space/quo'\"te"
ln -s ../nowhere tree/a/broken
echo x >"tree/$odd/file"
seq 2000 >tree/numbers
]]

local WEB_CONF = [[
daemon off; worker_processes 1; pid nginx.pid; error_log stderr info;
events { worker_connections 64; }
http {
  access_log access.log; client_body_temp_path t; proxy_temp_path t; fastcgi_temp_path t; uwsgi_temp_path t;
  scgi_temp_path t;
  server { listen 127.0.0.1:18080; listen unix:web.sock; root .; autoindex on; }
}]]

local PYTHON_SERVER = [[
import http.server, os
server = http.server.HTTPServer(("127.0.0.1", 0), http.server.SimpleHTTPRequestHandler)
with open("port.new", "w") as f: f.write("%d\n" % server.server_port)
os.rename("port.new", "port")
for _ in range(3): server.handle_request()
]]

local PYTHON_FILES = [[
import os, subprocess, tempfile, json, shutil, threading, mmap
with tempfile.TemporaryDirectory(dir=".") as folder:
    for i in range(20):
        with open(os.path.join(folder, "f%d \"x\"" % i), "w") as f: json.dump({"i": i}, f)
    for root, dirs, files in os.walk(folder):
        for name in sorted(files): open(os.path.join(root, name)).read(); os.stat(os.path.join(root, name))
    shutil.copytree(folder, "copied")
    print(subprocess.run(["sh", "-c", "echo out; echo err >&2; exit 3"], capture_output=True))
    print(subprocess.check_output("cat copied/* | wc -c", shell=True))
    pid = os.fork()
    if pid == 0: os._exit(7)
    print(os.waitpid(pid, 0))
    threads = [threading.Thread(target=lambda: open("/etc/passwd").read()) for _ in range(4)]
    for t in threads: t.start()
    for t in threads: t.join()
    with open("mapped", "w+b") as f:
        f.truncate(8192); m = mmap.mmap(f.fileno(), 8192); m[0:3] = b"abc"; m.flush(); m.close()
]]

local PYTHON_SOCKETS = [[
import asyncio, socket, select, os
async def serve(reader, writer):
    writer.write((await reader.readline()).upper()); await writer.drain(); writer.close()
async def main():
    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    for i in range(3):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"hello \"%d\"\n" % i); print(await reader.read()); writer.close()
    process = await asyncio.create_subprocess_exec("cat", stdin=-1, stdout=-1)
    print(await process.communicate(b"through cat"))
    server.close()
asyncio.run(main())
a, b = socket.socketpair()
socket.send_fds(a, [b"fds"], [0, 1]); print(socket.recv_fds(b, 10, 5))
u = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM); u.bind(("::1", 0))
u.sendto(b"datagram", u.getsockname()); print(u.recvfrom(100)[0]); print(select.select([u], [a], [], 0.01)[1] == [a])
]]

local LUA = [[
local f = assert(io.open("out", "w+"))
for i = 1, 500 do f:write(i, "\n") end
f:seek "set"
local n = 0
for l in f:lines() do n = n + tonumber(l) end
f:close()
local p = io.popen("echo from a pipe"); print(n, p:read "a", p:close()); print(os.execute "exit 5")
os.rename("out", "out2"); os.remove "out2"; print(os.tmpname(), os.getenv "HOSTILE")]]

local PERL = [[
use IO::Socket::INET; use POSIX; $SIG{ALRM} = sub { print "alarm\n" };
open(my $f, ">", "perl out") or die; print $f "line $_\n" for 1 .. 300; close $f;
open($f, "<", "perl out"); my $n = () = <$f>; print "$n lines\n"; my @s = stat "perl out";
my $s = IO::Socket::INET->new(Listen => 1, LocalAddr => "127.0.0.1") or die;
if (!fork) {
  my $c = IO::Socket::INET->new(PeerAddr => "127.0.0.1", PeerPort => $s->sockport); print $c "hi\n"; exit 0
}
my $c = $s->accept; print <$c>; wait; alarm 100; alarm 0; select(undef, undef, undef, 0.01);
print `echo from perl`; rename "perl out", "perl2"; unlink "perl2"; local $ENV{X} = "y"; system("true");]]

local SQL = [[
create table t (id integer primary key, name text); create index i on t (name);
begin; with recursive n(x) as (select 1 union all select x + 1 from n where x < 500)
insert into t select x, 'name "' || x || '"' from n; commit;
update t set name = name || '!' where id % 7 = 0; delete from t where id > 400; vacuum;
.mode csv
select count(*), max(name) from t;
pragma journal_mode = wal; insert into t values (1000, 'wal'); select * from t where id = 1000;]]

local BASH = [[
exec 3<>tree/numbers 4>&1; read -u 3 a; echo "$a" >&4; exec 3<&-
( cd tree; ls ) | while read -r x; do echo "$x"; done
f() { local x=$(cat <(echo sub) - <<<"here"); echo "$x"; }
f
trap "echo got" USR1; kill -USR1 $$
coproc cat; echo hi >&${COPROC[1]}; read -u ${COPROC[0]} y; echo $y; exec {COPROC[1]}>&-
{ sleep 0.01; echo bg; } &
wait; : >$(printf "od\nd"); echo $((1 + 2)) 2>&1 | cat -n; ulimit -c 0; time true]]

local HELLO = '#include <stdio.h>\nint main(void) { puts("hello"); return 0; }'

local function quoted(text)
  return "'" .. text:gsub("'", "'\\''") .. "'"
end

-- A command that makes a file with that text.
local function file(name, text)
  return ("printf '%%s\\n' %s >%s\n"):format(quoted(text), name)
end

local list = {
  { name = "ls", before = TREE, run = [[
ls -laR --time-style=full-iso .
ls /nonexistent || :
ls -la /dev >/dev/null]] },
  { name = "cp mv rm", before = TREE, run = [[
cp -a tree copy; cp tree/numbers n; mv copy moved; mv -n n moved/n; rm -r moved/a; rm -f none; rm -rf moved
cp --reflink=auto tree/numbers "$(printf 'odd\n"name"')"; install -m 640 tree/numbers installed]] },
  { name = "mkdir ln chmod", before = TREE, run = [[
mkdir -p x/y/z; rmdir x/y/z; ln tree/numbers hard; ln -s 'a"b' soft; ln -sfn / soft; chmod -R u+rwX,go-w tree
chmod 4755 hard; chown 1:2 hard; chgrp -R 5 tree; touch -d '2001-02-03 04:05:06.789' hard new; truncate -s 100k new
mkfifo pipe; mktemp -d; readlink -f soft; realpath tree/a/..; basename /a/b; sync new]] },
  { name = "stat du df", before = TREE, run = [[
stat tree tree/a/broken /dev/null; stat -f .; du -a tree; df . /proc; id; whoami]] },
  { name = "find", before = TREE, run = [[
find tree -type f -size +1c -newer tree/a -print0 | xargs -0 -n 3 wc -c
find tree -name '*.txt' -exec cat {} +
find /etc -maxdepth 1 -links +1 -printf '%p %i\n']] },
  { name = "sort", before = TREE, run = [[
seq 30000 | sort -R --random-source=tree/numbers | sort -n -S 64k --parallel=2 -T . | tail -1
sort -u tree/a/*.txt | uniq -c | cut -c 3- | tr a-z A-Z | head -3
comm tree/numbers tree/numbers | tee t | tac | wc]] },
  { name = "dd", run = [[
dd if=/dev/zero of=z bs=64k count=8 conv=fsync; dd if=z of=y bs=1000 skip=3 seek=2 count=5
dd if=/dev/urandom bs=100 count=3 | dd of=x iflag=fullblock bs=7; dd if=none of=w || :; cmp z y || :; md5sum z]] },
  { name = "tar", before = TREE, needs = "tar gzip", run = [[
tar -cf t.tar tree; tar -tvf t.tar; mkdir out; tar -C out -xpf t.tar
tar -czf t.tgz tree; tar -xzOf t.tgz tree/numbers | wc]] },
  { name = "gzip xz", before = TREE, needs = "gzip xz", run = [[
gzip -k tree/numbers; zcat tree/numbers.gz | wc -l
xz -k -T2 tree/numbers; xz -dc tree/numbers.xz | wc; gzip -t tree/numbers || :]] },
  { name = "git", before = TREE, needs = "git", run = [[
git init -q -b main repo; cd repo; cp -r ../tree .; git config user.email a@b.c; git config user.name 'A "B"'
git add .; git commit -qm 'first "one"'; echo more >>tree/numbers; git diff --stat; git commit -qam second
git log --oneline; git checkout -qb side; git mv tree/numbers moved; git commit -qm third; git gc -q; git status -s]] },
  { name = "python3 files", before = file("files.py", PYTHON_FILES), needs = "python3", run = "python3 files.py" },
  { name = "python3 sockets", before = file("sockets.py", PYTHON_SOCKETS), needs = "python3",
    run = "python3 sockets.py" },
  { name = "curl", before = TREE .. file("server.py", PYTHON_SERVER), needs = "curl python3", run = [[
python3 server.py &
while ! [ -e port ]; do sleep 0.02; done
read -r port <port
curl -sS "http://127.0.0.1:$port/tree/numbers" -o got; curl -sS -I "http://127.0.0.1:$port/none"
curl -sS "http://127.0.0.1:$port/tree/"; wait; curl -sS http://127.0.0.1:1/ || :]] },
  { name = "nginx", before = TREE .. "mkdir t\n" .. file("nginx.conf", WEB_CONF), needs = "nginx curl", run = [[
nginx -p "$PWD" -e stderr -c nginx.conf &
while ! [ -s nginx.pid ]; do sleep 0.02; done
curl -sS http://127.0.0.1:18080/tree/numbers -o got; curl -sS --unix-socket web.sock http://x/tree/
curl -sS http://127.0.0.1:18080/none http://127.0.0.1:18080/tree/a/1.txt; kill -HUP "$(cat nginx.pid)"; sleep 0.1
nginx -p "$PWD" -e stderr -c nginx.conf -s quit; wait]] },
  { name = "sqlite3", before = file("script.sql", SQL), needs = "sqlite3", run = "sqlite3 data.db <script.sql" },
  { name = "gcc", before = file("hello.c", HELLO), needs = "gcc", run = [[
gcc -O1 -o hello hello.c; ./hello; gcc -c none.c || :]] },
  { name = "busybox", before = TREE, needs = "busybox", run = [[
busybox sh -c 'for a in ls id date uname; do busybox $a; done | busybox md5sum; cd tree && busybox find . | sort'
busybox cp -r tree b; busybox tar -cf - tree | busybox gzip -c | busybox wc -c; busybox ps >/dev/null; busybox rm -r b
busybox sleep 0.01; busybox awk 'BEGIN { print "a" > "f"; system("true") }'; busybox vi --help || :; busybox mount]] },
  { name = "bash", before = TREE .. file("script", BASH), needs = "bash", run = "exec bash script" },
  { name = "dash", before = TREE, status = 143, run = [[
( sleep 0.1; cat /dev/null ) >inherited; cat <<END | tr a b >made 2>&1
text with "quotes" and \\ a backslash
END
for f in tree/*; do test ! -d "$f" || echo "$f"; done; x=$(echo sub; exit 3) || echo $x; (exit 4) | cat
umask 077; trap 'echo end' EXIT; { echo a; echo b >&2; } 2>&1 >z | cat; exec 5>five; echo 5 >&5; wait
kill -TERM $$ & wait || :]] },
  { name = "lua5.4", before = file("script.lua", LUA), needs = "lua5.4", run = "lua5.4 script.lua" },
  { name = "perl", before = file("script.pl", PERL), needs = "perl", run = "perl script.pl" },
  { name = "awk", before = TREE, needs = "awk", run = [[
awk '{ s += $1 } END { print s; print "x" | "cat -n"; close("cat -n"); while (("ls" | getline l) > 0) print l
  print > "o" }' tree/numbers]] },
  { name = "sed", before = TREE, run = [[
sed -i.bak -e 's/1/"one"/g' -e '/7/d' tree/numbers; sed -n '5,10p;w written' tree/numbers]] },
  { name = "grep", before = TREE, run = [[
grep -rn line tree; grep -c 1 tree/numbers; grep -q none tree/numbers || grep x nofile || :; diff -r tree tree]] },
  { name = "openssl", needs = "openssl", run = [[
openssl genrsa -out key 1024; echo secret | openssl enc -aes-128-cbc -pbkdf2 -pass pass:x -out enc
openssl req -new -x509 -key key -subj /CN=x -out cert; openssl dgst -sha256 key; openssl rand -hex 8]] },
  { name = "ssh-keygen", needs = "ssh-keygen", run = [[
ssh-keygen -q -t ed25519 -N '' -C 'a "b"' -f key; ssh-keygen -lf key.pub]] },
  { name = "ps", needs = "ps", run = [[
ps aux >/dev/null; ps -o pid,comm; kill -0 $$; nice -n 3 env A=b true; timeout 5 true; nohup true; setsid true]] },
  { name = "ip", needs = "ip", run = "ip addr; ip -6 route show table all; ip link show lo" },
  { name = "mount tools", needs = "unshare mount script", run = [[
unshare -m sh -c 'mkdir m; mount -t tmpfs -o size=1m none m; mount --bind /etc m; cat m/hostname; umount m; mount'
flock lock true; script -qec 'stty -a' typescript; getent passwd root]] },
}

-- Every value of every list of names, as an argument of each call that has one of that list.
list[#list + 1] = { name = "C: names", before = "lua5.4 $home/names.lua >calls", run = "exec $programs/names calls" }

for name in ("files processes threads signals waits memory unix network ipc rights rooms terminal modern every")
  :gmatch "%S+" do
  list[#list + 1] = { name = "C: " .. name, run = ("exec $programs/%s"):format(name) }
end

return list
