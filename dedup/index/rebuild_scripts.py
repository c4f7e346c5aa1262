"""The Lua scripts of a rebuild and of what follows it; rules as for ``dedup.index.scripts``.

A shard's ``generations`` hash: ``read`` and ``write`` name the generation that is read and
written (absent: the first); ``building`` the one that is being built; ``closed`` is there
while nothing is stored, and says until when, microseconds; ``floor`` is the greatest number
that is handed out no more.
"""

CLAIM = """
if (redis.call('HGET', KEYS[1], 'generation') or '') ~= ARGV[2] then
  return nil
end
if redis.call('EXISTS', KEYS[2]) == 0 then
  redis.call('HSET', KEYS[2], unpack(ARGV, 3))
end
redis.call('HSET', KEYS[2], 'owner', ARGV[1], 'seen', redis.call('TIME')[1])
return redis.call('HGETALL', KEYS[2])
"""
"""KEYS: meta, rebuild. ARGV: owner; the generation that the index is known to have; field, value,
... of the plan. Makes the caller the owner of the rebuild under way, or of a new one by its plan.
Returns the fields of the plan that holds; nil if the index has another generation by now.
"""

NOTE = """
if redis.call('HGET', KEYS[1], 'owner') ~= ARGV[1] then
  return 0
end
redis.call('HSET', KEYS[1], 'seen', redis.call('TIME')[1], unpack(ARGV, 2))
return 1
"""
"""KEYS: rebuild. ARGV: owner, field, value, ... Notes when its owner was seen, too, in seconds.
Returns 0 if the rebuild has another owner.
"""

IDLE = """
local seen = redis.call('HGET', KEYS[1], 'seen')
return seen and redis.call('TIME')[1] - seen or -1
"""
"""KEYS: rebuild. Returns for how many seconds its owner was not seen; -1 if there is none."""

SWITCH = """
if redis.call('HGET', KEYS[2], 'owner') ~= ARGV[1] then
  return 0
end
if redis.call('HGET', KEYS[2], 'state') == 'switched' then
  return 1
end
local now = redis.call('TIME')
if tonumber(now[1] .. string.format('%06d', now[2])) > tonumber(ARGV[2]) then
  return 2
end
redis.call('HSET', KEYS[1], unpack(ARGV, 4))
if not redis.call('HGET', KEYS[1], 'time_to_live') then
  redis.call('HSET', KEYS[1], 'time_to_live', ARGV[3])
end
redis.call('HSET', KEYS[2], 'state', 'switched')
return 1
"""
"""KEYS: meta, rebuild. ARGV: owner; until when, microseconds; how long articles are kept, if the
index does not say; field, value, ... of meta. Returns 1 if the index has the new generation; 0 if
the rebuild has another owner; 2 if it is too late.
"""

END = """
local owner = redis.call('HGET', KEYS[1], 'owner')
if owner and owner ~= ARGV[1] then
  return 0
end
redis.call('DEL', KEYS[1])
return 1
"""
"""KEYS: rebuild. ARGV: owner. Returns 0 if the rebuild has another owner."""

NOW = """
local now = redis.call('TIME')
return now[1] .. string.format('%06d', now[2])
"""
"""KEYS: any, to name a node. Returns its time, microseconds."""

BUILDING = """
redis.call('HDEL', KEYS[1], 'building')
if ARGV[1] ~= '' then
  redis.call('HSET', KEYS[1], 'building', ARGV[1])
end
"""
"""KEYS: generations. ARGV: the generation that is being built, or ''."""

FLOOR = """
if tonumber(redis.call('HGET', KEYS[1], 'floor') or '0') < tonumber(ARGV[1]) then
  redis.call('HSET', KEYS[1], 'floor', ARGV[1])
end
"""
"""KEYS: generations. ARGV: a number. It and all smaller ones are stored no more."""

CLOSE = """
local now = redis.call('TIME')
redis.call('HSET', KEYS[1], 'closed', string.format('%.0f', now[1] * 1e6 + now[2] + ARGV[1]))
"""
"""KEYS: generations. ARGV: for how long nothing is stored, microseconds."""

LAPSED = """
local now = redis.call('TIME')
local closed = redis.call('HGET', KEYS[1], 'closed')
return closed and now[1] * 1e6 + now[2] > tonumber(closed) and closed or ''
"""
"""KEYS: generations. Returns until when the shard was closed, '' if it is closed or open."""

ADVANCE = """
local current = redis.call('HGET', KEYS[1], ARGV[1]) or '1'
if tonumber(current) < tonumber(ARGV[2]) then
  redis.call('HSET', KEYS[1], ARGV[1], ARGV[2])
  if ARGV[1] == 'write' then
    redis.call('HDEL', KEYS[1], 'closed')
  end
elseif current == ARGV[2] and redis.call('HGET', KEYS[1], 'closed') == ARGV[3] then
  redis.call('HDEL', KEYS[1], 'closed')
end
"""
"""KEYS: generations. ARGV: ``read`` or ``write``; the generation that the index has; until when the
shard was closed, if that time is over, else ''. Never goes back. A shard that was closed for a
switch that has not come about is open again.
"""

HIGHEST = """
local page = redis.call('HSCAN', KEYS[1], ARGV[1], 'COUNT', ARGV[2])
local highest = 0
for i = 2, #page[2], 2 do
  for number in string.gmatch(page[2][i], '%d+') do
    highest = math.max(highest, tonumber(number))
  end
end
return {page[1], string.format('%.0f', highest)}
"""
"""KEYS: ids. ARGV: cursor, how many at a time, about. Returns {the next cursor, '0' at the end; the
highest number that an id names, of these}.
"""

VERSIONS = """
local found = {}
for number = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3]) do
  local name = string.format('%.0f', number)
  local record = redis.call('GET', KEYS[2] .. name)
  if record then
    local id = string.sub(record, 21, 20 + tonumber(string.sub(record, 17, 20)))
    if string.match(redis.call('HGET', KEYS[1], id) or '', '^%d+') == name then
      found[#found + 1] = name
      found[#found + 1] = record
    end
  end
end
return found
"""
"""KEYS: ids, records of the shard. ARGV: first number, last number, step.
Returns {number, record, ...} of those numbers that are an id's current version.
"""

CUT = """
local limit, ends = ARGV[1], tonumber(ARGV[2])
local full = tonumber(limit)
for shard = 1, #KEYS do
  local base, packed = KEYS[shard], ARGV[2 + shard]
  for i = 1, #packed, 22 do
    local group = base .. string.sub(packed, i, i + 5)
    local low, high = string.sub(packed, i + 6, i + 13), string.sub(packed, i + 14, i + 21)
    local hits = redis.call('ZRANGEBYLEX', group, low, high, 'LIMIT', '0', limit)
    if #hits == full then
      local last = redis.call('ZREVRANGEBYLEX', group, high, low, 'LIMIT', '0', ends)
      redis.call('ZREMRANGEBYLEX', group, '(' .. hits[ends], '(' .. last[ends])
    end
  end
end
"""
"""KEYS: groups of each shard. ARGV: from how many entries a bucket is cut; how many stay at either
end; for each shard (group digits, [ and lowest entry, [ and highest entry) ...
"""

ENTRIES = """
local base, packed, lengths, entries = KEYS[1], ARGV[1], {}, {}
for i = 1, #packed, 6 do
  local group = redis.call('ZRANGEBYLEX', base .. string.sub(packed, i, i + 5), '-', '+')
  lengths[#lengths + 1] = #group
  entries[#entries + 1] = table.concat(group)
end
return {table.concat(entries), unpack(lengths)}
"""
"""KEYS: groups of a shard. ARGV: group digits ... Returns {entries one after another, how many each
group has, ...}.
"""

GONE = """
local gone = {}
for i = 1, #ARGV do
  if redis.call('EXISTS', KEYS[1] .. ARGV[i]) == 0 then
    gone[#gone + 1] = ARGV[i]
  end
end
return gone
"""
"""KEYS: records of a shard. ARGV: number, ... Returns those that have no record."""
