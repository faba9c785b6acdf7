// What phones of before 2022 lack.

// A signal that ends a request after so many milliseconds; they have no AbortSignal.timeout.
/** @type {(milliseconds: number) => AbortSignal} */
export function within(milliseconds) {
  const given = new AbortController();
  setTimeout(() => given.abort(), milliseconds);
  return given.signal;
}

// A UUID of version 4 (RFC 9562, section 5.4); they have no crypto.randomUUID.
export function newId() {
  if (crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const digits = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return digits.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}
