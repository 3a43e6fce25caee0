// Takes a release of rules from the person's disk: an archive as it is, or the rule files of a folder packed as tar.gz.
let taken = null;

export async function take(input) {
  taken = null;
  const files = [...input.files];
  // One of the two counts: what the other shows would be read as chosen too.
  for (const other of input.closest('fieldset').querySelectorAll('input[type=file]')) if (other !== input) other.value = '';
  if (files.length === 0) return null;
  if (!input.webkitdirectory) {
    taken = files[0];
    return { name: files[0].name, size: files[0].size, files: 1 };
  }
  const rules = files.filter(file => /\.ya?ml$/i.test(file.name));
  const parts = [];
  for (const file of rules) {
    const bytes = new Uint8Array(await file.arrayBuffer());
    parts.push(header(file.webkitRelativePath || file.name, bytes.length), bytes, new Uint8Array((512 - bytes.length % 512) % 512));
  }
  parts.push(new Uint8Array(1024));
  taken = await new Response(new Blob(parts).stream().pipeThrough(new CompressionStream('gzip'))).blob();
  return { name: (rules[0]?.webkitRelativePath ?? '').split('/')[0] || 'folder', size: taken.size, files: rules.length };
}

export function content() {
  return taken ?? new Blob([]);
}

// A header of POSIX ustar (IEEE 1003.1, pax).
function header(path, size) {
  const block = new Uint8Array(512);
  const write = (at, words) => block.set(new TextEncoder().encode(words), at);
  const encoded = new TextEncoder().encode(path);
  let name = encoded;
  let prefix = new Uint8Array();
  if (encoded.length > 100) {
    let cut = -1;
    for (let at = 0; at < encoded.length && at <= 155; at++) if (encoded[at] === 47 && encoded.length - at - 1 <= 100) { cut = at; break; }
    if (cut < 0) throw new Error(`The path ${path} is too long.`);
    prefix = encoded.slice(0, cut);
    name = encoded.slice(cut + 1);
  }
  block.set(name, 0);
  write(100, '0000644\0');
  write(108, '0000000\0');
  write(116, '0000000\0');
  write(124, size.toString(8).padStart(11, '0') + '\0');
  write(136, '00000000000\0');
  write(148, '        ');
  write(156, '0');
  write(257, 'ustar\0');
  write(263, '00');
  block.set(prefix, 345);
  const sum = block.reduce((all, byte) => all + byte, 0);
  write(148, sum.toString(8).padStart(6, '0') + '\0 ');
  return block;
}
