#!lua flags=allow-oom
-- A device is, or is not, in a conversation by way of one engine. Setting it again changes nothing.
-- What engines that are gone have left there goes with it: whoever takes the last of it away is the one that tells.
--
-- KEYS  1 present (hash: [user,device] to lines of "<engine> <node>")   2 where the engine is present (set)
-- ARGV  1 nonce of the request   2 field: the device   3 line   4 member of KEYS[2]   5 "1" here, "0" not
--       6… engines that are gone
-- Gives {nonce, KEYS[1], 1 if it was here so before, how many lines were taken away, engine of each line that is left…}
local here = ARGV[5] == '1'
local gone = {}
for i = 6, #ARGV do gone[ARGV[i]] = true end
local before = redis.call('HGET', KEYS[1], ARGV[2]) or ''
local had, removed, others, kept = 0, 0, {}, {}
for line in string.gmatch(before, '[^\n]+') do
  local engine = string.match(line, '^%S+')
  if line == ARGV[3] then
    had = 1
    if not here then removed = removed + 1 end
  elseif gone[engine] then
    removed = removed + 1
  else
    others[#others + 1] = engine
    kept[#kept + 1] = line
  end
end
if here then kept[#kept + 1] = ARGV[3] end
local after = table.concat(kept, '\n')
if after == '' then
  redis.call('HDEL', KEYS[1], ARGV[2])
elseif after ~= before then
  redis.call('HSET', KEYS[1], ARGV[2], after)
end
redis.call(here and 'SADD' or 'SREM', KEYS[2], ARGV[4])
return { ARGV[1], KEYS[1], had, removed, unpack(others) }
