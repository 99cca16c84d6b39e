-- Scripts of others, and then an append of a run's output, in one step: everything, or nothing. (SPEC LOG3, RUN2)
--
-- Before this stands `others`, a list of functions, one for each script: its text, with its own KEYS and ARGV; and behind
-- it `append`, which is append-output.lua in the same form.
--
-- KEYS  1 log (stream)   2 meta (hash)   then those of the calls, one after the other
-- ARGV  1 nonce of the append   2 what a script answers second where it has done its work   3 arguments of the append, its
--       nonce aside; 0: nothing is appended   4 how many calls   5 owner that is needed, with its count, where nothing is
--       appended; empty: any   then of each call: which of `others`, its keys, its arguments
--       then the append's arguments, then those of the calls, one after the other
-- Gives {nonce, text}: the text is append-output.lua's answer; "f" too where a script refused, "a" where nothing was to be appended.
--
-- Whether the append will be taken is looked at first, because nothing that was written can be taken back: all that it can
-- be refused for is known then. A script that refuses must not have written; so the first that may refuse is the first.
local plan = 6
local at, keyAt = plan + 3 * ARGV[4], 3

local function take(list, first, count, ...)
  local taken = { ... }
  for i = first, first + count - 1 do taken[#taken + 1] = list[i] end
  return taken
end

local appendArgs
local owner = string.match(redis.call('HGET', KEYS[2], 's') or '', '^%S+')
if ARGV[3] ~= '0' then
  appendArgs = take(ARGV, at, tonumber(ARGV[3]), ARGV[1])
  at = at + ARGV[3]
  -- A repeat has brought along what it brings: asked again, the first of two that build on each other would refuse.
  if owner == appendArgs[3] then return { ARGV[1], append({ KEYS[1], KEYS[2] }, appendArgs) } end
  if owner ~= appendArgs[2] then return { ARGV[1], 'f' } end
elseif ARGV[5] ~= '' and owner ~= ARGV[5] then
  -- A store that went back still knows the owner, and not what it has said: a checkpoint would know of words that are gone.
  return { ARGV[1], 'f' }
end

for call = 0, ARGV[4] - 1 do
  local which, keys, args = tonumber(ARGV[plan + 3 * call]), tonumber(ARGV[plan + 3 * call + 1]), tonumber(ARGV[plan + 3 * call + 2])
  local reply = others[which](take(KEYS, keyAt, keys), take(ARGV, at, args))
  if reply[2] ~= ARGV[2] then return { ARGV[1], 'f' } end
  keyAt, at = keyAt + keys, at + args
end

if not appendArgs then return { ARGV[1], 'a' } end
return { ARGV[1], append({ KEYS[1], KEYS[2] }, appendArgs) }
