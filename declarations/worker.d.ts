// The global scope of a service worker, as far as static/js/worker.js uses it: TypeScript's library for
// workers and the one for pages exclude each other, and our modules run in both.

interface ExtendableEvent extends Event {
  waitUntil(work: Promise<unknown>): void;
}
interface FetchEvent extends ExtendableEvent {
  readonly request: Request;
  respondWith(answer: Promise<Response>): void;
}
interface SyncEvent extends ExtendableEvent {
  readonly tag: string;
}
interface ExtendableMessageEvent extends ExtendableEvent {
  // any: whatever a page posts
  readonly data: any;
}

declare function addEventListener(name: "install" | "activate", listener: (event: ExtendableEvent) => void): void;
declare function addEventListener(name: "fetch", listener: (event: FetchEvent) => void): void;
declare function addEventListener(name: "sync", listener: (event: SyncEvent) => void): void;
declare function addEventListener(name: "message", listener: (event: ExtendableMessageEvent) => void): void;
declare function skipWaiting(): Promise<void>;
declare const clients: {
  claim(): Promise<void>;
  matchAll(of: { type: "window" }): Promise<{ postMessage(said: unknown): void }[]>;
};
