/**
 * `takeCall` and `hearOfBudget` of domain/crm/call-budget.ts, inside Redis: one round trip, and no two processes at once.
 *   KEYS  hash of the budget, list of the instants of recent calls
 *   ARGV  now in ms (empty: Redis's own clock), published max, interval, daily max, then
 *         'take', share of each budget that may be used, 1 for who takes no place in line, longest line in ms, calls of
 *         a visit → { granted 1|0, why, wait or burst left, daily left }
 *         'heard', max, interval, remaining, daily max, daily remaining, day ends in, refused for (each may be empty), wait for a day
 *         whose end is unknown, share that can wait
 */
export const callBudgetScript = `
local now = tonumber(ARGV[1])
if not now then
  local time = redis.call('TIME')
  now = time[1] * 1000 + math.floor(time[2] / 1000)
end
local DAY = 86400000
local kept = redis.call('HMGET', KEYS[1], 'max', 'intervalMs', 'dailyMax', 'foreign', 'foreignUntil', 'blockedUntil', 'dayUsed', 'dayEnds',
  'lineUntil')
local heard = ARGV[5] == 'heard'
local max = heard and tonumber(ARGV[6]) or tonumber(kept[1]) or tonumber(ARGV[2])
local interval = heard and tonumber(ARGV[7]) or tonumber(kept[2]) or tonumber(ARGV[3])
local dailyMax = heard and tonumber(ARGV[9]) or tonumber(kept[3]) or tonumber(ARGV[4])
local foreign, foreignUntil = tonumber(kept[4]) or 0, tonumber(kept[5]) or 0
local blockedUntil = tonumber(kept[6]) or 0
local dayUsed, dayEnds = tonumber(kept[7]) or 0, tonumber(kept[8]) or 0
local lineUntil = tonumber(kept[9]) or 0

if now >= foreignUntil then foreign = 0 end
if now >= dayEnds then dayUsed, dayEnds = 0, (math.floor(now / DAY) + 1) * DAY end
local oldest = redis.call('LINDEX', KEYS[2], 0)
while oldest and tonumber(oldest) <= now - interval do
  redis.call('LPOP', KEYS[2])
  oldest = redis.call('LINDEX', KEYS[2], 0)
end
local recent = redis.call('LLEN', KEYS[2])

local function keep()
  redis.call('HSET', KEYS[1], 'max', max, 'intervalMs', interval, 'dailyMax', dailyMax, 'foreign', foreign,
    'foreignUntil', string.format('%.0f', foreignUntil), 'blockedUntil', string.format('%.0f', blockedUntil),
    'dayUsed', dayUsed, 'dayEnds', string.format('%.0f', dayEnds),
    'lineUntil', string.format('%.0f', lineUntil))
  redis.call('PEXPIRE', KEYS[1], 2 * DAY)
end
local function allowed(limit, share)
  return math.max(1, math.floor(limit * tonumber(share)))
end
local function refused(why, untilThen)
  if ARGV[7] ~= '1' and why ~= 'daily' then
    lineUntil = math.max(untilThen, lineUntil + math.ceil(tonumber(ARGV[9]) * interval / allowed(max, ARGV[6])))
    if lineUntil - now > tonumber(ARGV[8]) then lineUntil = untilThen end
    untilThen = lineUntil
  end
  keep()
  return { 0, why, math.max(1, untilThen - now), 0 }
end

if heard then
  local remaining, dailyRemaining = tonumber(ARGV[8]), tonumber(ARGV[10])
  local dayEndsIn, refusedFor = tonumber(ARGV[11]), tonumber(ARGV[12])
  if remaining and max - remaining - recent > foreign then
    foreign, foreignUntil = max - remaining - recent, now + interval
  end
  local spent = dailyRemaining and dailyRemaining <= 0
  if dailyRemaining then dayUsed = math.max(0, dailyMax - dailyRemaining) end
  if dayEndsIn then dayEnds = now + dayEndsIn
  elseif spent then dayEnds = now + tonumber(ARGV[13])
  elseif dailyRemaining and dayUsed >= allowed(dailyMax, ARGV[14]) then dayEnds = math.min(dayEnds, now + tonumber(ARGV[13])) end
  if refusedFor and not spent then blockedUntil = math.max(blockedUntil, now + refusedFor) end
  keep()
  return {}
end

if now < blockedUntil then return refused('blocked', blockedUntil) end
if dayUsed >= allowed(dailyMax, ARGV[6]) then return refused('daily', dayEnds) end
local burst, used = allowed(max, ARGV[6]), recent + foreign
if used >= burst then
  local ours = redis.call('LINDEX', KEYS[2], used - burst)
  local free = ours and tonumber(ours) + interval or math.huge
  if foreign > 0 then free = math.min(free, foreignUntil) end
  return refused('burst', free)
end
redis.call('RPUSH', KEYS[2], string.format('%.0f', now))
redis.call('PEXPIRE', KEYS[2], interval)
dayUsed = dayUsed + 1
keep()
return { 1, '', math.max(0, max - used - 1), math.max(0, dailyMax - dayUsed) }
`;
