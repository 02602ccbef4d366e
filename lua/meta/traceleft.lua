---@meta traceleft.core
-- SPDX-License-Identifier: MIT
-- Types for editors: the C binding, and the tables that the library takes and gives. Never loaded.

---@class traceleft.event what a callback gets; the fields of each event are in the generated classes
---@field event string
---@field time integer nanoseconds since boot
---@field pid integer
---@field tid integer
---@field ppid integer
---@field uid integer
---@field gid integer
---@field comm string
---@field cpu integer
---@field cgroup integer
---@field unread? string[] names of the fields that could not be read
---@field cut? string[] names of the fields that are longer than they are here
---@field changed? string[] names of the fields that another thread rewrote during the call: here is what was at its begin
---@field late? string[] names of the fields that were read only when the call returned

---@class traceleft.field
---@field name string
---@field type string
---@field meaning string
---@field doc string
---@field arg? string argument of the system call that it comes from, "ret" of what it returned; "" of neither
---@field members? traceleft.field[] of the elements, if the type is `array`
---@field named? boolean only who names it gets it

---@class traceleft.description
---@field name string
---@field doc string
---@field class? string classes as in strace, with blanks between: "file desc"
---@field fields traceleft.field[] those that all events have come first

---@class traceleft.check
---@field name string
---@field ok integer 1: here; 0: not here; -1: not here, and nothing works without it
---@field note string

---@class traceleft.stats
---@field made integer
---@field delivered integer
---@field unclaimed integer
---@field lost integer
---@field held integer calls and hits of other hooks that the budget held back
---@field pending integer records that wait to be polled
---@field unfinished integer system calls that began and have not ended
---@field wakeups integer
---@field causes table<string, integer>

---@class traceleft.open_options
---@field battery? string[]
---@field ring? integer|string
---@field channel? "ring"|"perf"|"auto"
---@field replay? boolean
---@field loading? fun(done: integer, total: integer): boolean? told before each program, and in the end; false: no more

---@class traceleft.target which processes: all that is said must hold; of a list one will do
---@field pid? integer|integer[]
---@field tree? integer|integer[] these and all their descendants, those that are there already too
---@field command? integer|integer[] these from their next execve on
---@field comm? string|string[] name of the first thread, or glob
---@field exe? string|string[] the program's file: a path, or a name in PATH
---@field uid? integer|integer[]
---@field user? string|string[]
---@field gid? integer|integer[]
---@field cgroup? string|string[] path from the root of all cgroups, or glob; with all below
---@field unit? string|string[] unit of systemd: "nginx", "nginx.service", or glob
---@field slice? string|string[]
---@field container? string|string[] name, id or begin of it, or glob
---@field netns? integer|string|(integer|string)[] number, "net:[4026531840]", path, or name in /run/netns
---@field mntns? integer|string|(integer|string)[]
---@field pidns? integer|string|(integer|string)[]
---@field tty? string|string[] "/dev/pts/3"
---@field follow? boolean what descends from these too, born from now on
---@field self? boolean the tracer itself too
---@field any? traceleft.target[] one of these
---@field all? traceleft.target[] all of these
---@field no? traceleft.target|traceleft.target[] none of these

---@class traceleft.told
---@field on_enter? fun(event: traceleft.event) a process joined the target, or is in it at the begin: target.enter
---@field on_leave? fun(event: traceleft.event) it left, or ended and its parent knows: target.leave

---@class traceleft.session_target : traceleft.target, traceleft.told

---@class traceleft.member
---@field pid integer
---@field comm? string nil: it is gone
---@field why string "comm nginx*, uid 33"
---@field subscriptions traceleft.subscription[] those that want it

---@class traceleft.on_options : traceleft.target, traceleft.told
---@field target? traceleft.target instead of its words among the options
---@field fields? string[] those of the event, and "cgroup_path", "unit", "container", "container_id"
---@field args? string[]
---@field payload? integer bytes of a buffer that are wanted, 0 to 4096; 256 without it

---@class traceleft.measure_options : traceleft.target what `count`, `sum` … take, with the events as a list: names, globs, calls, classes; or a span
---@field [integer] string|traceleft.span a span goes alone
---@field by? string|function|(string|function)[] fields or expressions; a function may return several values
---@field value? string|function what is measured; all but `count` and `top` need it
---@field where? string|function which events
---@field vars? table<string, any> values that the expressions name
---@field limit? string "10000/s"
---@field target? traceleft.target instead of its words among the options
---@field size? integer keys that there is room for
---@field name? string the title of what is printed
---@field top? integer rows that are printed; 10 of `top`, else all
---@field low? integer of lhist: where the first bucket begins
---@field high? integer of lhist: where the last one begins
---@field step? integer of lhist: how wide each is

---@class traceleft.span_options : traceleft.target
---@field start string|string[] events as in `on`
---@field stop string|string[]
---@field key? string what a start and its stop have in common, an expression of a number: "tid"
---@field start_key? string instead of `key`, of the start events
---@field stop_key? string
---@field start_where? string which of the start events
---@field where? string which of the stop events
---@field name? string what its events are called: "span.openat-close" without it
---@field size? integer starts that there is room for, 16384 without it; the oldest make room for new ones

---@class traceleft.print_options
---@field top? integer
---@field title? string|false
---@field unit? string "duration" (nanoseconds), "us", "bytes", or a word; without it that of what was measured
---@field sort? string "value" without it; "key", "count"; of avg also "sum"; of quantile also "p50" "p90" "p99" "p999" "max"
---@field clear? boolean
---@field rate? boolean a column more: per second
---@field json? boolean an object a line
---@field csv? boolean comma-separated values
---@field rows? traceleft.result[] those of a `snapshot`, instead of reading
---@field ns? integer in which time they came together

---@class traceleft.session
local Session = {}

---@param opts traceleft.measure_options
---@return traceleft.aggregate? aggregate counts events
---@return string? message
---@return string? name
function Session:count(opts) end

---@param opts traceleft.measure_options
---@return traceleft.aggregate? aggregate sums up a value
---@return string? message
---@return string? name
function Session:sum(opts) end

---@param opts traceleft.measure_options
---@return traceleft.aggregate? aggregate count, sum and average of a value
---@return string? message
---@return string? name
function Session:avg(opts) end

---@param opts traceleft.measure_options
---@return traceleft.aggregate? aggregate the least
---@return string? message
---@return string? name
function Session:min(opts) end

---@param opts traceleft.measure_options
---@return traceleft.aggregate? aggregate the greatest
---@return string? message
---@return string? name
function Session:max(opts) end

---@param opts traceleft.measure_options
---@return traceleft.aggregate? aggregate a histogram whose buckets are powers of two
---@return string? message
---@return string? name
function Session:hist(opts) end

---@param opts traceleft.measure_options
---@return traceleft.aggregate? aggregate a histogram whose buckets are of the same width
---@return string? message
---@return string? name
function Session:lhist(opts) end

---@param opts traceleft.measure_options
---@return traceleft.aggregate? aggregate quantiles, at most 0.8 % wrong
---@return string? message
---@return string? name
function Session:quantile(opts) end

---@param opts traceleft.measure_options
---@return traceleft.aggregate? aggregate sum of a value, or count without one, of which the greatest are printed
---@return string? message
---@return string? name
function Session:top(opts) end

---@param opts traceleft.measure_options
---@return traceleft.aggregate? aggregate how many different values there were
---@return string? message
---@return string? name
function Session:distinct(opts) end

---@class traceleft.defaults : traceleft.open_options
---@field target? traceleft.target
---@field pids? integer[]
---@field follow? boolean
---@field at_exec? boolean
---@field duration? number|string
---@field child? traceleft.core.child

---@class traceleft.core.selector
---@field kind string
---@field numbers? integer[]
---@field texts? string[]
---@field parts? traceleft.core.selector[]

---@class traceleft.core.subscription
---@field seen integer
---@field lost integer
---@field bit integer its place in `subs` of a member
local subscription = {}

function subscription:stop() end

function subscription:pause() end

---@return boolean? ok
---@return string? message
---@return string? name
function subscription:resume() end

---@param selector? traceleft.core.selector nil: every process
---@param tracer? boolean the tracer itself too
---@return boolean? ok
---@return string? message
---@return string? name
function subscription:target(selector, tracer) end

---@class traceleft.core.measure
---@field kind "count"|"sum"|"avg"|"min"|"max"|"hist"|"lhist"|"quantile"|"distinct"
---@field events? string[]
---@field span? traceleft.core.span instead of events
---@field where? string
---@field by? string[]
---@field value? string
---@field vars? table<string, any>
---@field pids? integer[]
---@field follow? boolean
---@field at_exec? boolean
---@field limit? string
---@field size? integer
---@field low? integer
---@field high? integer
---@field step? integer

---@class traceleft.core.row
---@field key traceleft.key
---@field cut? table<integer, boolean>
---@field n integer events
---@field sum? number
---@field min? number
---@field max? number
---@field bucket? integer of hist, lhist and quantile: a row for each key and bucket
---@field value? any of distinct: a row for each key and value

---@class traceleft.core.aggregate
---@field seen integer events that were counted
---@field lost integer
---@field full integer events that found no room
local aggregate = {}

---@param clear boolean begins anew; nothing that is counted meanwhile is lost
---@return traceleft.core.row[]? rows
---@return integer|string ns since the last clear or the begin, or a message
---@return string? name
function aggregate:read(clear) end

function aggregate:stop() end

function aggregate:pause() end

---@return boolean? ok
---@return string? message
---@return string? name
function aggregate:resume() end

---@param name string
---@param value any
---@return boolean? ok
---@return string? message
---@return string? errname
function aggregate:set(name, value) end

---@return { clause: string, where: string, why: string, instructions: integer }[]
function aggregate:explain() end

---@class traceleft.core.span
---@field errors integer
---@field full integer
---@field unbegun integer
local span = {}

---@return boolean? ok
---@return string? message
---@return string? name "EBUSY": what was made on it has not been stopped
function span:stop() end

---@param selector? table
---@param self_too? boolean
---@return boolean? ok
---@return string? message
---@return string? name
function span:target(selector, self_too) end

---@param with_code? boolean
---@return { event: string, clause?: string, where: string, why: string, instructions: integer }[]
function span:explain(with_code) end

---@class traceleft.core.session
local session = {}

---@class traceleft.core.span_spec
---@field name string
---@field start string[]
---@field stop string[]
---@field start_key string
---@field stop_key string
---@field where? string
---@field start_where? string
---@field size? integer
---@field pids? integer[]
---@field follow? boolean
---@field at_exec? boolean
---@field target? table
---@field self? boolean

---@param spec traceleft.core.span_spec
---@return traceleft.core.span? span
---@return string? message
---@return string? name
function session:span(spec) end

--- Who tells what cgroups are called: the text of a cgroup and whether it will always be that. which: 1 path, 2 unit,
--- 3 container, 4 its id.
---@param fn fun(id: integer, which: integer): string?, boolean?
function session:name_cgroups(fn) end

---@param spec traceleft.core.measure
---@return traceleft.core.aggregate? aggregate
---@return string? message
---@return string? name
function session:aggregate(spec) end

---@class traceleft.core.subscribe_options
---@field target? traceleft.core.selector
---@field self? boolean
---@field where? string
---@field vars? table<string, any>
---@field limit? integer
---@field limit_ns? integer

---@param spec traceleft.core.subscribe_options|{ events: string[], fields?: string[], args?: string[], pids?: integer[], follow?: boolean, at_exec?: boolean, payload?: integer, fn: function }
---@return traceleft.core.subscription? subscription
---@return string? message
---@return string? name
function session:subscribe(spec) end

---@return boolean? ok
---@return string? message
---@return string? name
function session:start() end

---@return integer
function session:fd() end

---@param timeout_ms integer -1: forever
---@return integer? records
---@return string? message
---@return string? name "ECANCELED" after `interrupt`
function session:poll(timeout_ms) end

function session:interrupt() end

---@param share number of each CPU's time, 0 to 1; 0: no limit
---@return boolean? ok
---@return string? message
---@return string? name
function session:budget(share) end

--- Lets nothing new come; what is on its way can still be polled. `start` lets it come again.
function session:quiesce() end

function session:close() end

---@return string[]
function session:events() end

---@param name string
---@return traceleft.description? description
---@return string? message
---@return string? errname
function session:describe(name) end

---@param word string
---@param event? string
---@return string?
function session:nearest(word, event) end

---@return traceleft.stats? stats
---@return string? message
---@return string? name
function session:stats() end

--- `subs`: bit per subscription.
---@return { pid: integer, comm?: string, why: string, subs: integer }[]? members
---@return string? message
---@return string? name
function session:targets() end

---@param records string|string[] one string: records one behind the other
---@return integer? n records delivered
---@return string? message
---@return string? name
function session:feed(records) end

--- fn gets what a callback raised: text with a traceback, or the error value itself if it is no string.
---@param fn fun(error: any)
function session:on_error(fn) end

---@class traceleft.core.child a command that is held before its exec
---@field pid integer
local child = {}

--- Lets it run. Harmless when it runs.
function child:release() end

--- The status once it has ended, as often as it is asked for; nil while it runs and `nohang` is true.
---@param nohang? boolean
---@return table? status
function child:wait(nohang) end

---@param signal integer
function child:kill(signal) end

---@class traceleft.core
---@field version string
local core = {}

---@param options? traceleft.open_options
---@return traceleft.core.session? session
---@return string? message
---@return string? name
function core.open(options) end

---@return traceleft.check[]
function core.check() end

---@param meaning string
---@param number integer
---@return string?
function core.meaning(meaning, number) end

---@param number integer
---@return string?
function core.errno_name(number) end

---"No such file or directory" for 2; nil for a number that is no errno.
---@param number integer
---@return string?
function core.errno_text(number) end

---@return integer nanoseconds since boot
function core.clock() end

---@param ns integer nanoseconds since boot
---@return integer seconds of wall-clock time
---@return integer nanoseconds
function core.wall(ns) end

---@param words string[]
---@return traceleft.core.child? child
---@return string? message
---@return string? name
function core.spawn(words) end

---@param text string
---@return string[]? words
---@return string? message
function core.split(text) end

---@return string[]? paths
---@return string where they are mounted, or why there are none
---@return string? name
function core.cgroups() end

---@param path string
---@return integer? inode
---@return integer|string device that it is, 0 if none; or why not
---@return integer|string? changed nanoseconds of its last change; or the name of the errno
---@return integer? size
---@return string? what "folder", "file", "device" or another thing; of namespaces "net", "mnt", "pid", "other"
function core.stat(path) end

---@param on boolean
function core.catch_signals(on) end

---@return integer signals since they are caught
function core.signalled() end

---@param fds integer[]
---@param timeout integer milliseconds, or -1
---@return integer[]? ready those that can be read, or whose other end is gone
---@return string? message
---@return string? name
function core.wait(fds, timeout) end

---@param fd integer
---@return boolean
function core.isatty(fd) end

---@param fd integer
---@return integer? columns of the terminal
function core.columns(fd) end

return core
