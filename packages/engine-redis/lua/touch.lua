#!lua flags=allow-oom
-- Writes something that nobody reads, so that WAIT on the same connection has something to wait for. (SPEC STO5)
-- It may run where memory is short: what was appended before has to be waited for all the same.
--
-- KEYS  1 a key of its own (string)
-- Gives OK
return redis.call('SET', KEYS[1], '')
