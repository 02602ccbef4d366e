-- SPDX-License-Identifier: MIT
std = "lua54"
max_line_length = 120
max_cyclomatic_complexity = 10
exclude_files = { "build" }
files["tests/lua"] = { std = "+busted", globals = { "io" } }
files["lua/meta"] = { ignore = { "212", "241" }, max_line_length = 200 }
