// A signal that ends a request after so many milliseconds; AbortSignal.timeout is missing on older phones.
export function within(milliseconds) {
  const given = new AbortController();
  setTimeout(() => given.abort(), milliseconds);
  return given.signal;
}
