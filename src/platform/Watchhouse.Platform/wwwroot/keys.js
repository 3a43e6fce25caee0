// Keys of every page (Ctrl+K, /, ?, j, k, x) and of the page at hand. Moving about never waits for the server.
const pages = new Map();

export function setPageKeys(id, target, keys) {
  pages.set(id, { target, keys });
}

export function clearPageKeys(id) {
  pages.delete(id);
}

function typing(element) {
  return element?.isContentEditable || /^(input|textarea|select|fluent-text-input|fluent-textarea|fluent-dropdown)$/i
    .test(element?.tagName ?? '') && !/^(checkbox|radio|button)$/.test(element.type ?? '');
}

function rows() {
  const table = document.activeElement?.closest?.('[data-wh-table]') ?? document.querySelector('[data-wh-table]');
  return table ? [...table.querySelectorAll('tbody > tr[data-key]')] : [];
}

function currentRow() {
  return document.activeElement?.closest?.('tr[data-key]') ?? null;
}

function focusRow(row) {
  if (!row) return;
  (row.querySelector('a.wh-row-link') ?? row).focus({ preventScroll: true });
  row.scrollIntoView({ block: 'nearest' });
}

// From the row with the focus; else from the row whose detail is open, or that had the focus last.
function moveRow(step) {
  const all = rows();
  const at = [currentRow(), all.find(row => row.getAttribute('aria-current') === 'true'), lastRow()].map(row => all.indexOf(row)).find(i => i >= 0);
  focusRow(all[at === undefined ? 0 : Math.max(0, Math.min(all.length - 1, at + step))]);
}

let lastKey = null;

function lastRow() {
  return lastKey === null ? null : rows().find(row => row.dataset.key === lastKey) ?? null;
}

export function returnToRow(key) {
  if (document.activeElement && document.activeElement !== document.body) return;
  focusRow([...document.querySelectorAll('[data-wh-table] > tbody > tr[data-key]')].find(row => row.dataset.key === key));
}

// Tiles of a map, tabs and menu entries: the nearest in the direction of the arrow, by where they are on screen.
function moveSpatially(event) {
  const group = event.target.closest?.('[data-wh-arrows]');
  const direction = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
  if (!group || !direction || typing(event.target) && direction[0] !== 0) return false;
  const from = event.target.getBoundingClientRect();
  let best = null;
  let least = Infinity;
  for (const item of group.querySelectorAll('a[href], button:not(:disabled)')) {
    if (item === event.target) continue;
    const box = item.getBoundingClientRect();
    const dx = box.x + box.width / 2 - (from.x + from.width / 2);
    const dy = box.y + box.height / 2 - (from.y + from.height / 2);
    const along = dx * direction[0] + dy * direction[1];
    if (along <= 2) continue;
    const cost = along + 3 * Math.abs(direction[0] ? dy : dx);
    if (cost < least) [least, best] = [cost, item];
  }
  best?.focus();
  return best !== null;
}

function runPageKey(key) {
  for (const { target, keys } of pages.values())
    if (keys.includes(key)) {
      target.invokeMethodAsync('PressAsync', key, currentRow()?.dataset.key ?? null);
      return true;
    }
  return false;
}

export function startKeys(act) {
  document.addEventListener('focusin', event => {
    const row = event.target.closest?.('[data-wh-table] > tbody > tr[data-key]');
    if (row) lastKey = row.dataset.key;
  });
  document.addEventListener('keydown', event => {
    if ((event.ctrlKey || event.metaKey) && !event.altKey && event.key.toLowerCase() === 'k') {
      event.preventDefault();
      act('palette');
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key.startsWith('Arrow') && moveSpatially(event)) {
      event.preventDefault();
      return;
    }
    if (typing(event.target) || document.querySelector('dialog[open]')) return;
    let done = true;
    if (event.key === 'j') moveRow(1);
    else if (event.key === 'k') moveRow(-1);
    else if (event.key === 'x') currentRow()?.querySelector('input[type=checkbox]')?.click();
    else if (event.key === '?') act('keys');
    else if (event.key === '/') document.querySelector('[data-wh-filter]')?.focus();
    else done = runPageKey(event.key);
    if (done) event.preventDefault();
  });
}
