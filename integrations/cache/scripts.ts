/**
 * What must happen in one step on the server, in Lua. A name is `kind:location:id`; one that begins with `@` lives in a bucket: a hash of
 * its kind and location. Which bucket and field, SHA-1 of the id tells. A field holds four bytes, the second in which it ends by the
 * server's clock, and then the sealed value. Under `lw:c:@kind:location` stand the generation of its buckets and how many there are. Where
 * one is too full, the next in turn is divided in two and takes one more number (linear hashing), so every entry lies where it belongs at
 * any time. Were the generation lost, a new one begins with one empty bucket, and no old entry comes back.
 */
const PRELUDE = `
local P = 'lw:c:'
local FULL = 64
local MOST = 2 ^ 20
local time = redis.call('TIME')
local second = tonumber(time[1])
local nowMs = second * 1000 + math.floor(tonumber(time[2]) / 1000)

local function split(name) return string.match(name, '^(@[^:]*:[^:]*):(.*)$') end
local function failed(answer) return type(answer) == 'table' and answer.err end

-- What is of another type under our key is nobody's who knows us: it goes.
local function insist(command, key, ...)
  local answer = redis.pcall(command, key, ...)
  if not failed(answer) then return answer end
  if not string.find(answer.err, 'WRONGTYPE', 1, true) then error(answer) end
  redis.call('DEL', key)
  return redis.call(command, key, ...)
end

local function longer(key, ms)
  if redis.call('PTTL', key) < ms then redis.call('PEXPIRE', key, ms) end
end

local function buckets(home)
  local meta = redis.pcall('GET', P .. home)
  if type(meta) ~= 'string' then return nil end
  local generation, count = string.match(meta, '^(%w%w%w%w%w%w):(%d%d?%d?%d?%d?%d?%d?)$')
  return generation, tonumber(count)
end

local function bucket(home, generation, index)
  return string.format('%s%s:%s%d', P, home, generation, index)
end

local function fieldOf(id)
  local hex = string.sub(redis.sha1hex(id), 1, 12)
  return (string.gsub(hex, '..', function(pair) return string.char(tonumber(pair, 16)) end))
end

-- The largest power of two that is not above.
local function powerIn(count)
  local power = 1
  while power * 2 <= count do power = power * 2 end
  return power
end

local function indexOf(field, count)
  local a, b, c = string.byte(field, 1, 3)
  local number = a * 65536 + b * 256 + c
  local power = powerIn(count)
  local index = number % (power * 2)
  return index < count and index or number % power
end

local function secondOf(entry)
  local a, b, c, d = string.byte(entry, 1, 4)
  return ((a * 256 + b) * 256 + c) * 256 + d
end

local function alive(entry) return #entry > 4 and secondOf(entry) > second end

local function fetch(name)
  local home, id = split(name)
  if home then
    local generation, count = buckets(home)
    if generation then
      local field = fieldOf(id)
      local entry = redis.pcall('HGET', bucket(home, generation, indexOf(field, count)), field)
      if type(entry) == 'string' and alive(entry) then return string.sub(entry, 5) end
    end
  end
  local stored = redis.pcall('GET', P .. name)
  return type(stored) == 'string' and stored
end

-- Ended entries go, and those that belong elsewhere are moved there; how many are left.
local function tidy(home, generation, count, index)
  local place = bucket(home, generation, index)
  local all = redis.pcall('HGETALL', place)
  if failed(all) then return 0 end
  local left = 0
  for at = 1, #all, 2 do
    local field, entry = all[at], all[at + 1]
    if #field ~= 6 or not alive(entry) then
      redis.call('HDEL', place, field)
    else
      local belongs = indexOf(field, count)
      if belongs == index then
        left = left + 1
      else
        local there = bucket(home, generation, belongs)
        redis.call('HDEL', place, field)
        if insist('HSETNX', there, field, entry) == 1 then longer(there, (secondOf(entry) - second) * 1000) end
      end
    end
  end
  return left
end

local function takeOut(home, id)
  local generation, count = buckets(home)
  if not generation then return end
  local field = fieldOf(id)
  redis.pcall('HDEL', bucket(home, generation, indexOf(field, count)), field)
end

local function remove(name)
  redis.call('DEL', P .. name, P .. '!' .. name)
  local home, id = split(name)
  if home then takeOut(home, id) end
end

local function divide(home, generation, count)
  redis.call('SET', P .. home, generation .. ':' .. (count + 1), 'PX', redis.call('PTTL', P .. home))
  tidy(home, generation, count + 1, count - powerIn(count))
end

local function keepInBucket(name, home, id, stored, ms, seed, sweep)
  local generation, count = buckets(home)
  if not generation then
    generation, count = seed, 1
    redis.call('SET', P .. home, seed .. ':1', 'PX', ms)
  end
  local field = fieldOf(id)
  local index = indexOf(field, count)
  local there = bucket(home, generation, index)
  local ends = math.ceil((nowMs + ms) / 1000)
  local four = string.char(math.floor(ends / 16777216) % 256, math.floor(ends / 65536) % 256, math.floor(ends / 256) % 256, ends % 256)
  insist('HSET', there, field, four .. stored)
  redis.call('DEL', P .. name)
  longer(P .. home, ms)
  longer(there, ms)
  if sweep or redis.call('HLEN', there) > FULL then
    if tidy(home, generation, count, index) > FULL and count < MOST then divide(home, generation, count) end
  end
end

local function keep(name, stored, ms, longest, seed, sweep)
  local home, id = split(name)
  if home and #stored + 4 <= longest then return keepInBucket(name, home, id, stored, ms, seed, sweep) end
  redis.call('SET', P .. name, stored, 'PX', ms)
  if home then takeOut(home, id) end
end

-- A tag's members, by when they end; those that have ended go, a hundred with each that comes.
local function tag(key, name, ms)
  local known = insist('ZSCORE', key, name)
  if not known or tonumber(known) < nowMs + ms then redis.call('ZADD', key, nowMs + ms, name) end
  local ended = redis.call('ZRANGEBYSCORE', key, '-inf', nowMs, 'LIMIT', 0, 100)
  if #ended > 0 then redis.call('ZREM', key, unpack(ended)) end
  longer(key, ms)
end

local function say(...) redis.call('PUBLISH', P .. '~', cjson.encode({ ... })) end
`;

/** Names → for each what is stored under it, or nil. */
const READ = `
local found = {}
for at, name in ipairs(ARGV) do found[at] = fetch(name) end
return found
`;

/**
 * sender, name, token, ms, longest, seed, sweep, stored, tags … → 1, or 0 where a token was given that holds no lock any more: who
 * changed the value meanwhile took it. Memory is asked for first, so that a server that is full refuses before anything was changed.
 */
const KEEP = `
local sender, name, token = ARGV[1], ARGV[2], ARGV[3]
local ms = tonumber(ARGV[4])
local lock = P .. '!' .. name
if token ~= '' and redis.pcall('GET', lock) ~= token then return 0 end
keep(name, ARGV[8], ms, tonumber(ARGV[5]), ARGV[6], ARGV[7] == '1')
redis.call('DEL', lock)
for at = 9, #ARGV do tag(ARGV[at], name, ms) end
say(sender, 'changed', name)
return 1
`;

/** sender, names … */
const REMOVE = `
for at = 2, #ARGV do remove(ARGV[at]) end
say(ARGV[1], 'changed', unpack(ARGV, 2))
return 1
`;

/** sender, location, tag, key of the tag, how many at once → how many members are left, and those that are gone. */
const DROP_TAG = `
local key = ARGV[4]
local members = insist('ZRANGE', key, 0, tonumber(ARGV[5]) - 1)
for _, name in ipairs(members) do remove(name) end
if #members > 0 then redis.call('ZREM', key, unpack(members)) end
say(ARGV[1], 'tag', ARGV[2], ARGV[3], unpack(members))
return { redis.call('ZCARD', key), members }
`;

/** name, token, ms, tags … → whether the lock is ours now, and what is stored. The tags know the lock before there is a value. */
const LOCK = `
local name, ms = ARGV[1], tonumber(ARGV[3])
local lock = P .. '!' .. name
-- One that never ends is nobody's who knows us.
if redis.call('PTTL', lock) == -1 then redis.call('DEL', lock) end
local ours = redis.call('SET', lock, ARGV[2], 'NX', 'PX', ms)
if ours then for at = 4, #ARGV do tag(ARGV[at], name, ms) end end
return { ours and 1 or 0, fetch(name) }
`;

/** name, token, ms, tags … → 1 while the lock is ours. */
const EXTEND = `
local name, ms = ARGV[1], tonumber(ARGV[3])
local lock = P .. '!' .. name
if redis.pcall('GET', lock) ~= ARGV[2] then return 0 end
redis.call('PEXPIRE', lock, ms)
for at = 4, #ARGV do tag(ARGV[at], name, ms) end
return 1
`;

/** sender, name, token, ms → ends a lock that is ours, at once or in so many ms. */
const RELEASE = `
local name, ms = ARGV[2], tonumber(ARGV[4])
local lock = P .. '!' .. name
if redis.pcall('GET', lock) ~= ARGV[3] then return 0 end
if ms > 0 then redis.call('PEXPIRE', lock, ms) else redis.call('DEL', lock) end
say(ARGV[1], 'ended', name)
return 1
`;

/** sender, name, token → what was stored is gone, and the lock, if it is ours. */
const CLEAR = `
local name = ARGV[2]
if redis.pcall('GET', P .. '!' .. name) ~= ARGV[3] then return 0 end
remove(name)
say(ARGV[1], 'changed', name)
return 1
`;

/** kind and location, from, how many → the next bucket to be tidied, 0 after the last one, −1 where there are none. */
const SWEEP = `
local home, from = ARGV[1], tonumber(ARGV[2])
local generation, count = buckets(home)
if not generation then return -1 end
local to = math.min(from + tonumber(ARGV[3]), count)
for index = from, to - 1 do tidy(home, generation, count, index) end
return to < count and to or 0
`;

/** entries, bytes → how a hash of so many entries, one of so many bytes, is kept. */
const TRY_BUCKET = `
local key = P .. '?'
redis.call('DEL', key)
for entry = 2, tonumber(ARGV[1]) do redis.call('HSET', key, entry, 'x') end
redis.call('HSET', key, 1, string.rep('x', tonumber(ARGV[2])))
local how = redis.call('OBJECT', 'ENCODING', key)
redis.call('DEL', key)
return how
`;

export const SCRIPTS = {
  lwRead: READ,
  lwKeep: KEEP,
  lwRemove: REMOVE,
  lwDropTag: DROP_TAG,
  lwLock: LOCK,
  lwExtend: EXTEND,
  lwRelease: RELEASE,
  lwClear: CLEAR,
  lwSweep: SWEEP,
  lwTryBucket: TRY_BUCKET,
} as const;

export type ScriptName = keyof typeof SCRIPTS;

export const scriptText = (name: ScriptName): string => PRELUDE + SCRIPTS[name];
