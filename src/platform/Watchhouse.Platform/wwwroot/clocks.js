// Times and countdowns tick here, so that an open page costs the server nothing while nobody acts. Only the text
// node is changed in place: the server's next rendering still finds it.
const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

export function relative(milliseconds) {
  const ahead = milliseconds < 0;
  const span = Math.abs(milliseconds);
  if (span < minute) return ahead ? 'in under a min' : 'just now';
  const text = span < hour ? `${Math.floor(span / minute)} min`
    : span < day ? `${Math.floor(span / hour)} h`
    : `${Math.floor(span / day)} d`;
  return ahead ? `in ${text}` : `${text} ago`;
}

export function remaining(milliseconds) {
  const span = Math.abs(milliseconds);
  const text = span < minute ? `${Math.floor(span / 1000)} s`
    : span < hour ? `${Math.floor(span / minute)} min`
    : span < day ? `${Math.floor(span / hour)} h ${String(Math.floor(span % hour / minute)).padStart(2, '0')} min`
    : `${Math.floor(span / day)} d ${Math.floor(span % day / hour)} h`;
  return milliseconds < 0 ? `${text} over` : text;
}

function write(element, text) {
  const node = element.firstChild;
  if (node && node.nodeType === Node.TEXT_NODE && node.nodeValue !== text) node.nodeValue = text;
}

function tick() {
  const now = Date.now();
  for (const element of document.querySelectorAll('time[data-wh-relative]')) {
    const when = Date.parse(element.dateTime);
    if (Math.abs(now - when) < 30 * day) write(element, relative(now - when));
  }
  for (const element of document.querySelectorAll('[data-wh-until]')) {
    const until = Date.parse(element.dataset.whUntil);
    const from = Date.parse(element.dataset.whFrom);
    const left = until - now;
    const state = left < 0 ? 'over' : left <= (until - from) / 4 ? 'near' : 'calm';
    if (element.dataset.state !== state) element.dataset.state = state;
    write(element.querySelector('[data-wh-left]') ?? element, remaining(left));
  }
  // What the server no longer refreshes says so by itself.
  for (const element of document.querySelectorAll('[data-wh-old-since]')) {
    const isOld = now - Date.parse(element.dataset.whOldSince) > Number(element.dataset.whOldAfter) * 1000;
    if (element.hidden === isOld) element.hidden = !isOld;
  }
}

export function startClocks() {
  setInterval(() => { if (!document.hidden) tick(); }, 1000);
  document.addEventListener('visibilitychange', tick);
}
