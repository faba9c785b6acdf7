/** Asks the browser for a passkey and sends what it says with the form around the button. */

/** @param {string} text in base64url @returns {ArrayBuffer} */
function bytes(text) {
  const plain = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(plain, (letter) => letter.charCodeAt(0)).buffer;
}

/** @param {ArrayBuffer} buffer @returns {string} in base64url */
function text(buffer) {
  const letters = Array.from(new Uint8Array(buffer), (byte) => String.fromCharCode(byte)).join("");
  return btoa(letters).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}

/**
 * What the server wrote, with bytes where the browser wants them.
 * @param {any} asked
 */
function prepared(asked) {
  const given = asked.publicKey;
  const keys = (/** @type {any[]} */ list) => list.map((key) => ({ ...key, id: bytes(key.id) }));
  return {
    ...given,
    challenge: bytes(given.challenge),
    ...(given.user && { user: { ...given.user, id: bytes(given.user.id) } }),
    ...(given.excludeCredentials && { excludeCredentials: keys(given.excludeCredentials) }),
    ...(given.allowCredentials && { allowCredentials: keys(given.allowCredentials) }),
  };
}

/**
 * The answer as JSON, as the server reads it.
 * @param {any} credential
 */
function said(credential) {
  const response = credential.response;
  const parts = ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"];
  return {
    type: credential.type,
    id: credential.id,
    rawId: text(credential.rawId),
    clientExtensionResults: credential.getClientExtensionResults(),
    response: Object.fromEntries(
      parts.filter((part) => response[part]).map((part) => [part, text(response[part])]),
    ),
  };
}

const button = /** @type {HTMLButtonElement} */ (document.getElementById("passkey"));
const failed = /** @type {HTMLElement} */ (document.getElementById("passkey-failed"));
const missing = /** @type {HTMLElement} */ (document.getElementById("passkey-missing"));
const form = /** @type {HTMLFormElement} */ (document.getElementById("passkey-form"));

if (window.PublicKeyCredential && navigator.credentials) {
  missing.hidden = true;
  button.hidden = false;
}

button.addEventListener("click", async () => {
  failed.hidden = true;
  const options = document.getElementById("passkey-options")?.textContent ?? "{}";
  const publicKey = prepared(JSON.parse(options));
  try {
    const credential = button.dataset.task === "create"
      ? await navigator.credentials.create({ publicKey })
      : await navigator.credentials.get({ publicKey });
    /** @type {HTMLInputElement} */ (form.elements.namedItem("credential")).value = JSON.stringify(
      said(credential),
    );
    form.submit();
  } catch {
    failed.hidden = false; // turned down, too late, or no passkey of this account here
  }
});
