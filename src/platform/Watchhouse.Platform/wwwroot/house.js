// What the browser does without asking the server: theme, keys, dialogs, ticking clocks, moving between tiles.
// No inline script anywhere: the content security policy is script-src 'self'.
import { startKeys, setPageKeys, clearPageKeys, returnToRow } from './keys.js';
import { startPalette } from './palette.js';
import { startClocks } from './clocks.js';

const themeKey = 'fluentui-blazor:theme-settings';

function setTheme(mode) {
  try {
    const stored = JSON.parse(localStorage.getItem(themeKey) || '{}');
    if (mode === 'system') delete stored.mode;
    else stored.mode = mode;
    localStorage.setItem(themeKey, JSON.stringify(stored));
  } catch { /* storage is refused: the choice lasts for this page only */ }
  window.Blazor?.theme?.setThemeMode?.(mode);
  window.watchhouseTheme?.apply();
  if (mode !== 'system') document.documentElement.dataset.theme = mode;
  document.documentElement.dataset.themeChoice = mode;
  markTheme();
}

function markTheme() {
  const mode = document.documentElement.dataset.themeChoice;
  for (const choice of document.querySelectorAll('[data-wh-action^="theme:"]'))
    if (choice.getAttribute('role') === 'menuitemradio')
      choice.setAttribute('aria-checked', String(choice.dataset.whAction === `theme:${mode}`));
}

function toggleNavigation(open) {
  const nav = document.getElementById('wh-nav');
  if (!nav) return;
  const next = open ?? !nav.hasAttribute('data-open');
  nav.toggleAttribute('data-open', next);
  document.querySelector('[data-wh-action="navigation"]')?.setAttribute('aria-expanded', String(next));
}

const actions = {
  theme: setTheme,
  navigation: () => toggleNavigation(),
  palette: () => showDialog(document.getElementById('wh-palette')),
  keys: () => showDialog(document.getElementById('wh-keys')),
  close: (_, from) => from.closest('dialog')?.close(),
  reload: () => location.reload(),
  dismiss: (_, from) => from.closest('[data-wh-bar]')?.setAttribute('hidden', ''),
};

export function act(word, from) {
  const [name, argument] = word.split(':');
  actions[name]?.(argument, from);
}

document.addEventListener('click', event => {
  const from = event.target.closest?.('[data-wh-action]');
  if (from) {
    const dialog = from.closest('#wh-palette');
    dialog?.close();
    act(from.dataset.whAction, from);
  }
  const link = event.target.closest?.('a[href]');
  if (link?.closest('#wh-nav, #wh-palette, [popover]')) {
    toggleNavigation(false);
    link.closest('#wh-palette')?.close();
    link.closest('[popover]')?.hidePopover?.();
  }
  // The scrim of a dialog is the dialog element itself; its contents fill it.
  if (event.target instanceof HTMLDialogElement && event.target.hasAttribute('data-wh-light')) event.target.close();
});

document.addEventListener('keydown', event => {
  if (event.key === 'Escape') toggleNavigation(false);
});

document.addEventListener('toggle', event => {
  if (!event.target.matches?.('[popover]')) return;
  markTheme();
  const trigger = document.querySelector(`[popovertarget="${event.target.id}"]`);
  trigger?.setAttribute('aria-expanded', String(event.newState === 'open'));
  if (event.newState === 'open') event.target.querySelector('[data-wh-first]')?.focus();
}, true);

export function showDialog(dialog) {
  if (dialog && !dialog.open) dialog.showModal();
}

export function closeDialog(dialog) {
  if (dialog?.open) dialog.close();
}

export async function copyText(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}

export function saveText(name, type, text) {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([text], { type }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}

// Blazor announces the state of its connection on this element; the bar says it in words instead of covering the page.
function startReconnectBar() {
  const bar = document.getElementById('components-reconnect-modal');
  bar?.addEventListener('components-reconnect-state-changed', event => {
    bar.dataset.state = event.detail.state;
    if (event.detail.state === 'rejected') location.reload();
  });
}

window.watchhouse = { showDialog, closeDialog, copyText, saveText, setPageKeys, clearPageKeys, returnToRow, act };
startKeys(act);
startPalette();
startClocks();
startReconnectBar();
markTheme();
