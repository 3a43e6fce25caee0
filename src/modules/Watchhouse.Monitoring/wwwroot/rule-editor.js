// The editor of rules: an ordinary text area, so that screen readers, undo, paste and touch keyboards work as everywhere,
// over a drawing of the same text with numbers, colours and marks. Long texts go to the server as a stream: a message of
// the connection is bounded.
const pause = 350;
// Beyond this a drawing at each key would be felt.
const mostPainted = 100_000;

export function plain(area) {
  return { text: () => new TextEncoder().encode(area.value), stop: () => {} };
}

export function start(root, target, text) {
  const area = root.querySelector('textarea');
  const gutter = root.querySelector('.wh-code-gutter');
  const paint = root.querySelector('.wh-code-paint');
  let faults = new Map();
  let timer = 0;
  let leaving = false;

  function draw() {
    const lines = area.value.split('\n');
    const numbers = document.createDocumentFragment();
    lines.forEach((_, at) => {
      const number = document.createElement('span');
      number.textContent = String(at + 1);
      if (faults.has(at + 1)) {
        number.dataset.fault = 'true';
        number.title = faults.get(at + 1);
      }
      numbers.append(number);
    });
    gutter.replaceChildren(numbers);
    const drawn = document.createDocumentFragment();
    const plainly = area.value.length > mostPainted;
    lines.forEach((line, at) => {
      const row = document.createElement('span');
      row.className = 'wh-code-line';
      if (faults.has(at + 1)) row.dataset.fault = 'true';
      if (plainly) row.textContent = line;
      else row.append(...coloured(line));
      drawn.append(row, '\n');
    });
    paint.replaceChildren(drawn);
    root.toggleAttribute('data-plain', plainly);
  }

  function edited() {
    draw();
    clearTimeout(timer);
    timer = setTimeout(() => target.invokeMethodAsync('EditedAsync').catch(() => {}), pause);
  }

  function insert(words) {
    // The only way to write that the browser can undo.
    if (!document.execCommand('insertText', false, words)) {
      area.setRangeText(words, area.selectionStart, area.selectionEnd, 'end');
      edited();
    }
  }

  function key(event) {
    if (event.key === 'Escape') {
      leaving = true;
      return;
    }
    if (event.key === 'Tab' && !leaving && !event.shiftKey) {
      event.preventDefault();
      insert('  ');
    } else if (event.key === 'Enter' && !event.ctrlKey && !event.metaKey) {
      const line = area.value.slice(0, area.selectionStart).split('\n').pop();
      const indent = line.match(/^\s*/)[0] + (/:\s*$/.test(line) ? '  ' : '');
      if (indent) {
        event.preventDefault();
        insert('\n' + indent);
      }
    } else if (event.key === 's' && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      target.invokeMethodAsync('SaveAskedAsync').catch(() => {});
    }
    leaving = false;
  }

  area.value = text ?? '';
  area.addEventListener('input', edited);
  area.addEventListener('keydown', key);
  draw();
  return {
    text: () => new TextEncoder().encode(area.value),
    mark: found => {
      faults = new Map(found.map(fault => [fault.line, fault.words]));
      draw();
    },
    go: line => {
      const before = area.value.split('\n').slice(0, line - 1).join('\n');
      const at = before.length + (line > 1 ? 1 : 0);
      const end = area.value.indexOf('\n', at);
      area.focus();
      area.setSelectionRange(at, end < 0 ? area.value.length : end);
      gutter.children[line - 1]?.scrollIntoView({ block: 'center' });
    },
    stop: () => {
      clearTimeout(timer);
      area.removeEventListener('input', edited);
      area.removeEventListener('keydown', key);
    },
  };
}

function piece(kind, words) {
  const span = document.createElement('span');
  span.dataset.kind = kind;
  span.textContent = words;
  return span;
}

// Keys, quoted values and comments of YAML, a line at a time: enough to find one's way, and never wrong about more than a line.
function coloured(line) {
  const whole = line.match(/^(\s*(?:- )*)([^\s'"#][^:#'"]*?)(:)(\s.*|$)/);
  const parts = [];
  let rest = line;
  if (/^\s*#/.test(line)) return [piece('comment', line)];
  if (whole) {
    parts.push(whole[1], piece('key', whole[2]), whole[3]);
    rest = whole[4];
  }
  const value = rest.match(/^(\s*(?:- )*)('(?:[^']|'')*'|"(?:[^"\\]|\\.)*")(.*)$/);
  if (value) {
    parts.push(value[1], piece('text', value[2]));
    rest = value[3];
  }
  const comment = rest.search(/\s#/);
  if (comment >= 0) parts.push(rest.slice(0, comment), piece('comment', rest.slice(comment)));
  else parts.push(rest);
  return parts;
}
