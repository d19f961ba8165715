// Copies of words that the server has not answered for yet: sealed, in this browser's IndexedDB.
// A copy is {id, at, nonce, sealed}: its key comes with the page and is held in memory alone, so that a profile folder shows nothing.

const LONGEST = 30 * 24 * 3600 * 1000; // ms: older copies are removed, whoever's they are

const done = (request) =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });

const bytes = (base64url) => Uint8Array.from(atob(base64url.replace(/-/g, "+").replace(/_/g, "/")), (sign) => sign.charCodeAt(0));

// Each page holds a lock while it lives. Whose lock is free has gone, and left its copy behind for one other page.
function claim(id) {
  if (!navigator.locks) return Promise.resolve(true);
  return new Promise((resolve) => {
    const patience = { signal: AbortSignal.timeout(2000) };
    const forever = () => (resolve(true), new Promise(() => {}));
    navigator.locks.request(`alongside ${id}`, patience, forever).catch(() => resolve(false));
  });
}

// Return the copies of one text, named `name`; what they say is sealed under `key`, 32 bytes in base64url.
export async function copiesOf(name, key) {
  const opening = indexedDB.open("alongside", 1);
  opening.onupgradeneeded = () => opening.result.createObjectStore("copies", { keyPath: "id" });
  const [base, secret] = await Promise.all([done(opening), crypto.subtle.importKey("raw", bytes(key), "AES-GCM", false, ["encrypt", "decrypt"])]);
  const shelf = (mode = "readwrite") => base.transaction("copies", mode).objectStore("copies");
  const lock = (nonce) => ({ name: "AES-GCM", iv: nonce, additionalData: new TextEncoder().encode(name) });
  base.onversionchange = () => base.close();

  async function put(tab, words) {
    const nonce = crypto.getRandomValues(new Uint8Array(12));
    const sealed = await crypto.subtle.encrypt(lock(nonce), secret, new TextEncoder().encode(words));
    await done(shelf().put({ id: `${name} ${tab}`, at: Date.now(), nonce, sealed }));
  }

  const drop = (tab) => done(shelf().delete(`${name} ${tab}`));

  // The copies that pages which are gone left behind: [{tab, words}], newest first.
  async function left() {
    const found = [];
    for (const copy of (await done(shelf("readonly").getAll())).sort((one, other) => other.at - one.at)) {
      if (Date.now() - copy.at > LONGEST) await done(shelf().delete(copy.id));
      else if (copy.id.startsWith(`${name} `) && (await claim(copy.id))) {
        const tab = copy.id.slice(name.length + 1);
        const words = await crypto.subtle.decrypt(lock(copy.nonce), secret, copy.sealed).catch(() => null);
        if (words) found.push({ tab, words: new TextDecoder().decode(words) });
      }
    }
    return found;
  }

  return { put, drop, left, live: (tab) => claim(`${name} ${tab}`) };
}
