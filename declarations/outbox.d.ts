// The database of static/js/outbox.js, as idb takes its types.
import type { DBSchema, IDBPDatabase, IDBPIndex, IDBPObjectStore, OpenDBCallbacks } from "./idb/entry.d.ts";

interface Schema extends DBSchema {
  outbox: { key: string; value: Waiting; indexes: { n: number } };
  refused: { key: string; value: Waiting & { reason?: string } };
  state: { key: string; value: Memory[keyof Memory] };
  drafts: { key: string; value: KeptDraft };
}

declare global {
  type Database = IDBPDatabase<Schema>;
  type DatabaseCallbacks = OpenDBCallbacks<Schema>;
  type DatabaseUpgrade = (...given: Parameters<NonNullable<DatabaseCallbacks["upgrade"]>>) => Promise<void>;
  type StoreOptions = Record<"outbox" | "refused" | "state" | "drafts", IDBObjectStoreParameters | undefined>;
  type Outbox<Mode extends IDBTransactionMode> = IDBPObjectStore<Schema, ["outbox"], "outbox", Mode>;
  type OutboxByTurn<Mode extends IDBTransactionMode> = IDBPIndex<Schema, ["outbox"], "outbox", "n", Mode>;
}
