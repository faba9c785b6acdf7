// What some browsers have and TypeScript's library does not.

interface ServiceWorkerRegistration {
  /** Background sync: Chromium alone. */
  readonly sync?: { register(tag: string): Promise<void> };
}

// The libraries of deno.json end with ES2021, because older phones do. What is newer is asked for first.
interface MapConstructor {
  readonly groupBy?: <Key, Value>(values: Iterable<Value>, keyOf: (value: Value) => Key) => Map<Key, Value[]>;
}

interface Navigator {
  /** The battery: Chromium alone, where the page came over HTTPS. */
  readonly getBattery?: () => Promise<{ readonly level: number; readonly charging: boolean }>;
}
