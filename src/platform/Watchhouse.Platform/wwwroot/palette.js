// The combobox behaviour of the command palette. The list comes from the server; the choice within it is local,
// so arrow keys answer at once on a slow line.
let active = 0;

function options() {
  return [...document.querySelectorAll('#wh-palette [role=option]')];
}

function mark(index) {
  const all = options();
  active = all.length === 0 ? 0 : (index + all.length) % all.length;
  all.forEach((option, i) => option.setAttribute('aria-selected', String(i === active)));
  const input = document.getElementById('wh-palette-words');
  const chosen = all[active];
  if (chosen) {
    input?.setAttribute('aria-activedescendant', chosen.id);
    chosen.scrollIntoView({ block: 'nearest' });
  } else {
    input?.removeAttribute('aria-activedescendant');
  }
}

export function startPalette() {
  document.addEventListener('keydown', event => {
    if (event.target.id !== 'wh-palette-words') return;
    if (event.key === 'ArrowDown') mark(active + 1);
    else if (event.key === 'ArrowUp') mark(active - 1);
    else if (event.key === 'Enter') options()[active]?.click();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }, true);

  // New words bring a new list: the first entry is the choice again.
  const observer = new MutationObserver(() => mark(0));
  function watch() {
    const list = document.getElementById('wh-palette-list');
    if (!list || list.dataset.watched) return;
    list.dataset.watched = 'true';
    observer.observe(list, { childList: true, subtree: true, characterData: true });
    mark(0);
  }
  watch();
  document.addEventListener('focusin', event => {
    if (event.target.id === 'wh-palette-words') {
      watch();
      event.target.select();
    }
  });
}
