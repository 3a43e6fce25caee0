// Passkeys on plain forms: asks the server for a challenge, asks the browser for the answer, sends the form.
// One listener on the document, so that it also serves forms that arrive later.

const supported = typeof window.PublicKeyCredential?.parseCreationOptionsFromJSON === 'function'
  && typeof window.PublicKeyCredential?.parseRequestOptionsFromJSON === 'function';

let waiting; // the request that the browser may answer from the address field's suggestions

function say(form, text) {
  const problem = form.querySelector('[data-passkey-problem]');
  problem.textContent = text;
  problem.hidden = !text;
}

async function options(form, path) {
  const headers = { RequestVerificationToken: form.querySelector('[name=__RequestVerificationToken]').value };
  if (form.dataset.link) headers['X-Link'] = form.dataset.link;
  const response = await fetch(path, { method: 'POST', headers, credentials: 'same-origin' });
  if (!response.ok) {
    const problem = await response.json().catch(() => null);
    throw new Error(problem?.detail ?? `The server answered ${response.status}. Load the page again.`);
  }
  return response.json();
}

async function create(form) {
  const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(await options(form, '/sign-in/passkey/new'));
  return navigator.credentials.create({ publicKey });
}

async function get(form, mediation, signal) {
  const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(await options(form, '/sign-in/passkey/options'));
  return navigator.credentials.get({ publicKey, mediation, signal });
}

function send(form, credential) {
  form.elements.credential.value = JSON.stringify(credential);
  // submit(), not requestSubmit(): the listener below must not see it again.
  HTMLFormElement.prototype.submit.call(form);
}

function words(error) {
  switch (error.name) {
    case 'NotAllowedError': return 'No passkey was used: you cancelled, it took too long, or this device holds none for this site.';
    case 'InvalidStateError': return 'This device has a passkey for you already. Use that one, or another device.';
    case 'SecurityError': return 'Passkeys do not work at this address. Open the centre by its name, not by a number.';
    default: return error.message;
  }
}

document.addEventListener('submit', async event => {
  const form = event.target;
  if (!form.dataset?.passkey) return;
  event.preventDefault();
  waiting?.abort();
  say(form, '');
  if (!supported) {
    say(form, 'This browser does not know passkeys. Update it, or use a password and a code.');
    return;
  }
  const button = form.querySelector('button[type=submit]');
  button.disabled = true;
  try {
    send(form, form.dataset.passkey === 'create' ? await create(form) : await get(form));
  } catch (error) {
    say(form, words(error));
    button.disabled = false;
  }
});

// Where the browser can, it offers passkeys among the suggestions of the address field.
async function offer() {
  const form = document.querySelector('form[data-passkey=get]');
  if (!form || !supported || !await PublicKeyCredential.isConditionalMediationAvailable?.()) return;
  waiting = new AbortController();
  try {
    const credential = await get(form, 'conditional', waiting.signal);
    if (credential) send(form, credential);
  } catch {
    // Nobody asked for it, so nobody is told; the button says what is wrong.
  }
}

// The buttons come disabled: pressed before this script listens, they would send a form without an answer.
function ready() {
  for (const button of document.querySelectorAll('form[data-passkey] button[type=submit]')) button.disabled = false;
}

ready();
window.Blazor?.addEventListener?.('enhancedload', ready);
offer();
