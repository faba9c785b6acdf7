// Seals an answer for the server, signs it, and makes the code of its receipt. The other side, and why
// it is so: surveys/devices/delivery/{sealing,signatures}.py, surveys/remarks/receipts.py.
const encoder = new TextEncoder();
const CONTEXT = encoder.encode("hailong outbox 1");
const CURVE = { name: "ECDH", namedCurve: "P-256" };
const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/** @type {(text: string) => Uint8Array<ArrayBuffer>} */
const bytesOf = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
/** @type {(bytes: ArrayBuffer | Uint8Array<ArrayBuffer>) => string} */
const textOf = (bytes) => btoa(String.fromCharCode(...new Uint8Array(bytes)));

// key: the server's, {id, point}. Only the server can open what comes back.
/** @type {(content: object, key: PublicKey) => Promise<Envelope>} */
export async function seal(content, key) {
  const subtle = crypto.subtle;
  const server = await subtle.importKey("raw", bytesOf(key.point), CURVE, false, []);
  const own = await subtle.generateKey(CURVE, false, ["deriveBits"]);
  const point = new Uint8Array(await subtle.exportKey("raw", own.publicKey));
  const shared = await subtle.deriveBits({ name: "ECDH", public: server }, own.privateKey, 256);
  const drawn = await subtle.importKey("raw", shared, "HKDF", false, ["deriveKey"]);
  const secret = await subtle.deriveKey(
    { name: "HKDF", hash: "SHA-256", salt: point, info: CONTEXT },
    drawn, { name: "AES-GCM", length: 256 }, false, ["encrypt"],
  );
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const plain = encoder.encode(JSON.stringify(content));
  const data = await subtle.encrypt({ name: "AES-GCM", iv, additionalData: CONTEXT }, secret, plain);
  return { v: 1, key: key.id, epk: textOf(point), iv: textOf(iv), data: textOf(data) };
}

// The tablet's own key: no script can read it, and it leaves the browser never. Only its public point
// is told. null where the browser makes or keeps none.
const SIGNING = { name: "ECDSA", namedCurve: "P-256" };
/** @type {() => Promise<{ signer: CryptoKey, point: string } | null>} */
export async function newSigner() {
  try {
    const { privateKey, publicKey } = await crypto.subtle.generateKey(SIGNING, false, ["sign", "verify"]);
    return { signer: privateKey, point: textOf(await crypto.subtle.exportKey("raw", publicKey)) };
  } catch {
    return null;
  }
}

// What is sealed of a record: the text that was signed, so that nobody writes it twice.
/** @type {(record: object, signer: CryptoKey) => Promise<object>} */
export async function signed(record, signer) {
  const said = JSON.stringify(record);
  const signature = await crypto.subtle.sign({ name: "ECDSA", hash: "SHA-256" }, signer, encoder.encode(said));
  return { v: 3, said, signature: textOf(signature) };
}

// Fifteen letters in groups of five, as the server makes them of the response's id.
/** @type {(id: string) => Promise<string>} */
export async function receiptCode(id) {
  const uuid = Uint8Array.from(/** @type {string[]} */ (id.replaceAll("-", "").match(/../g)), (pair) => parseInt(pair, 16));
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", new Uint8Array([...encoder.encode("receipt"), ...uuid])));
  let code = "";
  for (let letter = 0; letter < 15; letter += 1) {
    let five = 0;
    for (let bit = letter * 5; bit < letter * 5 + 5; bit += 1) {
      five = five * 2 + ((digest[bit >> 3] >> (7 - (bit % 8))) & 1);
    }
    code += LETTERS[five];
  }
  return code.replace(/.{5}(?=.)/g, "$&-");
}
