"""The index's Lua scripts: what the server does in one step.

They are sent in full (``EVAL``) each time. The server compiles a script once and knows it
by its digest afterwards, so this costs no more than ``EVALSHA`` (docs/index.md), and never
fails on a server that was restarted in between.

Each touches keys of one shard only, hence of one slot; but for those over postings, which
take any number of shards and are given all of them where there are no slots
(``connection.together``). Where a key's name depends on data, ``KEYS`` holds what the name
begins with. Group digits, 6 of them, are the rest of a group's.

A script that must work when the server's memory is full begins with a command that frees
memory: the server refuses a script's first write only.
"""

OPEN = """
if redis.call('EXISTS', KEYS[1]) == 0 then
  redis.call('HSET', KEYS[1], unpack(ARGV))
end
return redis.call('HGETALL', KEYS[1])
"""
"""KEYS: meta. ARGV: field, value, ... Returns what is stored, which the first caller sets."""

CREATE = """
if redis.call('EXISTS', KEYS[1]) == 1 then
  return 0
end
redis.call('HSET', KEYS[1], unpack(ARGV))
return 1
"""
"""KEYS: meta. ARGV: field, value, ... Returns 0, and changes nothing, if there is something."""

ADD = """
for shard = 1, #KEYS do
  local base, packed = KEYS[shard], ARGV[shard]
  for i = 1, #packed, 13 do
    redis.call('ZADD', base .. string.sub(packed, i, i + 5), '0', string.sub(packed, i + 6, i + 12))
  end
end
"""
"""KEYS: groups of each shard. ARGV: for each shard (group digits, entry) ..."""

REMOVE = """
for shard = 1, #KEYS do
  local base, packed = KEYS[shard], ARGV[shard]
  for i = 1, #packed, 13 do
    redis.call('ZREM', base .. string.sub(packed, i, i + 5), string.sub(packed, i + 6, i + 12))
  end
end
"""
"""KEYS: groups of each shard. ARGV: for each shard (group digits, entry) ..."""

SEARCH = """
local generation, limit, ends = ARGV[1], ARGV[2], tonumber(ARGV[3])
local full, lengths, entries = tonumber(limit), {}, {}
for shard = 1, #KEYS / 2 do
  local base, packed = KEYS[2 * shard - 1], ARGV[3 + shard]
  if (redis.call('HGET', KEYS[2 * shard], 'read') or '1') ~= generation then
    return redis.error_reply('GENERATION ' .. generation .. ' is not read any more')
  end
  for i = 1, #packed, 22 do
    local group = base .. string.sub(packed, i, i + 5)
    local low, high = string.sub(packed, i + 6, i + 13), string.sub(packed, i + 14, i + 21)
    local hits = redis.call('ZRANGEBYLEX', group, low, high, 'LIMIT', '0', limit)
    if #hits == full then
      local last = redis.call('ZREVRANGEBYLEX', group, high, low, 'LIMIT', '0', ends)
      redis.pcall('ZREMRANGEBYLEX', group, '(' .. hits[ends], '(' .. last[ends])
      hits = {unpack(hits, 1, ends)}
      for h = ends, 1, -1 do
        hits[#hits + 1] = last[h]
      end
    end
    lengths[#lengths + 1] = string.char(#hits)
    entries[#entries + 1] = table.concat(hits)
  end
end
return {table.concat(lengths), table.concat(entries)}
"""
"""KEYS: groups and generations of each shard. ARGV: the generation; from how many entries a
bucket is cut; how many stay at either end; for each shard (group digits, [ and lowest entry,
[ and highest entry) ...
Returns {lengths, a byte each; the entries} of all ranges, one after another. A read-only
server refuses the cut, which is left to others then.
"""

COMMIT = """
local write, closed, floor = unpack(redis.call('HMGET', KEYS[4], 'write', 'closed', 'floor'))
if closed or (write or '1') ~= ARGV[6] then
  return redis.error_reply('GENERATION ' .. ARGV[6] .. ' is not written any more')
end
if redis.call('EXISTS', KEYS[2]) == 1 then
  return nil
end
if tonumber(ARGV[2]) <= tonumber(floor or '0') then
  return {}
end
local now = redis.call('TIME')
now = now[1] .. string.format('%06d', now[2])
local stamp = ARGV[4]
if stamp == '' then
  stamp = now
end
redis.call('SET', KEYS[2], stamp .. ARGV[3])
if ARGV[5] ~= '' then
  redis.call('ZADD', KEYS[3], ARGV[5], ARGV[2])
end
local named = redis.call('HGET', KEYS[1], ARGV[1])
redis.call('HSET', KEYS[1], ARGV[1], named and ARGV[2] .. ',' .. named or ARGV[2])
local reply = {stamp, named or ''}
for _, number in ipairs(redis.call('ZRANGEBYSCORE', KEYS[3], '-inf', now, 'LIMIT', '0', ARGV[7])) do
  reply[#reply + 1] = number
end
return reply
"""
"""KEYS: ids, record, expiries, generations. ARGV: id, number, record, when it was received or ''
for now, when it expires or '', the generation of its postings, how many expired versions to
name. Stores a version and makes it the current one.
Returns {when, in microseconds; the numbers it came before; expired numbers ...}, nil if the
number is taken, or {} if it may not be used any more (``dedup.index.generations``).
"""

DUE = """
local now = redis.call('TIME')
now = now[1] .. string.format('%06d', now[2])
local due = {}
for _, number in ipairs(redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', now, 'LIMIT', '0', ARGV[1])) do
  if redis.call('EXISTS', KEYS[2] .. number) == 1 then
    due[#due + 1] = number
  else
    redis.call('ZREM', KEYS[1], number)
  end
end
return due
"""
"""KEYS: expiries, records of the shard. ARGV: how many at most. Returns the numbers of versions
that have expired; numbers without a record, which damage may leave, would hide them for good
and are taken out.
"""

FIND = """
local named = redis.call('HGET', KEYS[1], ARGV[1])
local number = named and string.match(named, '^%d+')
local record = number and redis.call('GET', KEYS[2] .. number)
return record and {number, record}
"""
"""KEYS: ids, records of the shard. ARGV: id. Returns {number, record} of the current version,
nil if there is none.
"""

UNNAME = """
local named = redis.call('HGET', KEYS[1], ARGV[1]) or ''
local versions, kept = {}, {'0'}
for number in string.gmatch(named, '%d+') do
  local record = redis.call('GET', KEYS[2] .. number)
  if record then
    versions[#versions + 1] = number
    versions[#versions + 1] = record
    kept[#kept + 1] = number
  end
end
redis.call('HDEL', KEYS[1], ARGV[1])
if #kept > 1 then
  redis.call('HSET', KEYS[1], ARGV[1], table.concat(kept, ','))
end
return versions
"""
"""KEYS: ids, records of the shard. ARGV: id. Leaves the id without a current version.
Returns {number, record, ...} of all versions that are still to be dropped.
"""

DROP_NAME = """
local function drop_name(id, named, dropped, kept)
  for number in string.gmatch(named, '%d+') do
    if number ~= dropped then
      kept[#kept + 1] = number
    end
  end
  while kept[#kept] == '0' do
    kept[#kept] = nil
  end
  if #kept > 0 then
    redis.call('HSET', KEYS[1], id, table.concat(kept, ','))
  else
    redis.call('HDEL', KEYS[1], id)
  end
end
"""
"""Stands before a script whose first key is the ids of a shard. Has an id name what it named, behind
what is kept already, but for one number; no id is left that names nothing.
"""

DROP = (
    DROP_NAME
    + """
if (redis.call('HGET', KEYS[5], 'write') or '1') ~= ARGV[3] then
  return redis.error_reply('GENERATION ' .. ARGV[3] .. ' is not written any more')
end
local length = tonumber(redis.call('GETRANGE', KEYS[2], 16, 19))
if not length then
  return
end
local id = redis.call('GETRANGE', KEYS[2], 20, 19 + length)
local named = redis.call('HGET', KEYS[1], id) or ''
local current = string.match(named, '^%d+') == ARGV[1]
if current and ARGV[2] == 'stays' then
  return 1
end
redis.call('DEL', KEYS[2], KEYS[3])
redis.call('ZREM', KEYS[4], ARGV[1])
local kept = {}
if current and ARGV[2] == 'ends' then
  kept[1] = '0'
end
drop_name(id, named, ARGV[1], kept)
"""
)
"""KEYS: ids, record, links, expiries, generations. ARGV: number, what becomes of a current version,
the generation of its postings. Removes one version, from its id's numbers too. A current one
'stays', and 1 is returned; is 'withdrawn', and the id names what it named before; or 'ends', and
it names nothing.
"""

LINK = """
if redis.call('EXISTS', KEYS[1]) == 0 then
  return nil
end
local room = tonumber(ARGV[1])
for _, field in ipairs(redis.call('HKEYS', KEYS[2])) do
  if string.sub(field, 1, 1) == '+' then
    room = room - 1
  end
end
local changed = false
for i = 2, #ARGV, 2 do
  local field, record = ARGV[i], ARGV[i + 1]
  local known = redis.call('HGET', KEYS[2], field)
  local grows = not known and string.sub(field, 1, 1) == '+'
  if grows and room <= 0 then
    redis.call('HSET', KEYS[2], 'more', '1')
  elseif known ~= record then
    redis.call('HSET', KEYS[2], field, record)
    room = grows and room - 1 or room
    changed = true
  end
end
if not changed then
  return nil
end
redis.call('HINCRBY', KEYS[2], 'sequence', 1)
return {redis.call('HGET', KEYS[2], 'state')}
"""
"""KEYS: record, links. ARGV: most followers, then other number (of a follower: + and the
number), pair record, ... A version that is gone takes none, and one that has most of them no
further follower: it notes that there are more.
Returns {the verdict last settled on, or nil}; nil if nothing has changed.
"""

UNLINK = """
local removed = 0
for i = 2, #ARGV do
  removed = removed + redis.call('HDEL', KEYS[1], ARGV[i], '+' .. ARGV[i])
end
if removed > 0 then
  redis.call('HINCRBY', KEYS[1], 'sequence', 1)
  if ARGV[1] == '1' then
    redis.call('HSET', KEYS[1], 'more', '1')
  end
end
"""
"""KEYS: links. ARGV: '1' to note that there are more than are kept, then other number, ..."""

SETTLE = """
if redis.call('EXISTS', KEYS[1]) == 0 then
  return 1
end
if (redis.call('HGET', KEYS[2], 'sequence') or '0') ~= ARGV[1]
  or (redis.call('HGET', KEYS[2], 'state') or '') ~= ARGV[2] then
  return 0
end
redis.call('HDEL', KEYS[2], 'state')
redis.call('HSET', KEYS[2], 'state', ARGV[3])
return 1
"""
"""KEYS: record, links. ARGV: sequence and state as seen, new state. Returns 1 unless either
has changed. Works when memory is full if there was a verdict, since a deletion revises others.
"""

SURVEY = """
local base, packed, found = KEYS[1], ARGV[1], {}
for i = 1, #packed, 6 do
  local digits = string.sub(packed, i, i + 5)
  local entries = redis.call('ZRANGEBYLEX', base .. digits, '-', '+')
  if #entries > 0 then
    local n = #found
    found[n + 1] = digits
    found[n + 2] = redis.call('MEMORY', 'USAGE', base .. digits)
    found[n + 3] = table.concat(entries)
  end
end
return found
"""
"""KEYS: groups of a shard. ARGV: group digits ... Returns {group digits, bytes of memory, entries
one after another, ...} of those groups that have any.
"""

LIST = """
local process = string.match(redis.call('INFO', 'server'), 'run_id:(%x+)')
local page = redis.call('HSCAN', KEYS[1], ARGV[1], 'COUNT', ARGV[2])
local versions = {}
for i = 2, #page[2], 2 do
  local number = string.match(page[2][i], '^%d+')
  local stamp = redis.call('GETRANGE', KEYS[2] .. number, 0, 15)
  if stamp ~= '' then
    versions[#versions + 1] = stamp .. ' ' .. number
  end
end
return {process, page[1], table.concat(versions, ' ')}
"""
"""KEYS: ids, records of the shard. ARGV: cursor, how many at a time, about. Returns {what names
the server's process; the next cursor, '0' at the end; when each current version was received,
and its number, separated by spaces}.
"""
