"""The Lua scripts of a check; rules as for ``dedup.index.scripts``.

Those that mend look again, in the same step, whether there is anything to mend.
"""

from __future__ import annotations

from dedup.index.scripts import DROP_NAME

STRETCH = """
local found = {}
for number = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3]) do
  local name = string.format('%.0f', number)
  local record = redis.call('GET', KEYS[2] .. name)
  local standing = nil
  if record then
    local id = string.sub(record, 21, 20 + tonumber(string.sub(record, 17, 20)))
    local named = redis.call('HGET', KEYS[1], id) or ''
    local first = string.match(named, '^%d+')
    if first == name then
      standing = 'current'
    elseif not string.find(',' .. named .. ',', ',' .. name .. ',', 1, true) then
      standing = 'unnamed'
    else
      standing = first == '0' and 'deleted' or 'replaced'
    end
  elseif redis.call('EXISTS', KEYS[3] .. name) == 1 then
    standing = 'links'
  end
  if standing then
    found[#found + 1] = name
    found[#found + 1] = standing
    found[#found + 1] = record or ''
  end
end
return found
"""
"""KEYS: ids, records and links of the shard. ARGV: first number, last number, step.
Returns {number, standing, record or '', ...} of those numbers that have a record, or links.
"""

NAMED = """
local page = redis.call('HSCAN', KEYS[1], ARGV[1], 'COUNT', ARGV[2])
local found = {}
for i = 1, #page[2], 2 do
  for number in string.gmatch(page[2][i + 1], '%d+') do
    if number ~= '0' and redis.call('EXISTS', KEYS[2] .. number) == 0 then
      found[#found + 1] = page[2][i]
      found[#found + 1] = number
    end
  end
end
return {page[1], found}
"""
"""KEYS: ids, records of the shard. ARGV: cursor, how many at a time, about. Returns {the next cursor,
'0' at the end; {id, number without a record, ...}}.
"""

UNNAME_NUMBER = (
    DROP_NAME
    + """
local named = redis.call('HGET', KEYS[1], ARGV[1])
if named and redis.call('EXISTS', KEYS[2] .. ARGV[2]) == 0 then
  drop_name(ARGV[1], named, ARGV[2], {})
end
"""
)
"""KEYS: ids, records of the shard. ARGV: id, number. Has the id name the number no more, if it has
no record.
"""

DROP_LINKS = """
if redis.call('EXISTS', KEYS[1]) == 0 then
  redis.call('DEL', KEYS[2])
end
"""
"""KEYS: record, links."""

EXPIRING = """
local page = redis.call('ZSCAN', KEYS[1], ARGV[1], 'COUNT', ARGV[2])
local found = {}
for i = 1, #page[2], 2 do
  if redis.call('EXISTS', KEYS[2] .. page[2][i]) == 0 then
    found[#found + 1] = page[2][i]
  end
end
return {page[1], found}
"""
"""KEYS: expiries, records of the shard. ARGV: cursor, how many at a time, about. Returns {the next
cursor, '0' at the end; {number without a record, ...}}.
"""

DROP_EXPIRY = """
if redis.call('EXISTS', KEYS[2]) == 0 then
  redis.call('ZREM', KEYS[1], ARGV[1])
end
"""
"""KEYS: expiries, record. ARGV: number."""

LACKING = """
if (redis.call('HGET', KEYS[2], 'read') or '1') ~= ARGV[1] then
  return redis.error_reply('GENERATION ' .. ARGV[1] .. ' is not read any more')
end
local base, full, entries, ranges = KEYS[1], tonumber(ARGV[2]), ARGV[3], ARGV[4]
local lacking = {}
for n = 0, #entries / 13 - 1 do
  local i, j = 13 * n, 22 * n
  local group = base .. string.sub(entries, i + 1, i + 6)
  if not redis.call('ZSCORE', group, string.sub(entries, i + 7, i + 13)) then
    local low, high = string.sub(ranges, j + 7, j + 14), string.sub(ranges, j + 15, j + 22)
    local there = redis.call('ZRANGEBYLEX', group, low, high, 'LIMIT', '0', ARGV[2])
    if #there < full then
      lacking[#lacking + 1] = n
    end
  end
end
return lacking
"""
"""KEYS: groups and generations of a shard. ARGV: the generation; from how many entries a bucket may
have been cut; (group digits, entry) ...; the same keys' (group digits, [ and lowest entry, [ and
highest entry) ...
Returns which of the entries are not there, though their bucket has room, from 0.
"""

DROP_GROUPS = """
local read, write, building = unpack(redis.call('HMGET', KEYS[1], 'read', 'write', 'building'))
if ARGV[1] == (read or '1') or ARGV[1] == (write or '1') or ARGV[1] == building then
  return 0
end
return redis.call('UNLINK', unpack(KEYS, 2))
"""
"""KEYS: generations, groups of the shard. ARGV: their generation. Returns how many were dropped: none
if the generation is in use.
"""

USED = """
local read, write, building = unpack(redis.call('HMGET', KEYS[1], 'read', 'write', 'building'))
return {read or '1', write or '1', building or write or '1'}
"""
"""KEYS: generations. Returns those in use."""
