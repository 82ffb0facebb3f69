/** One store of IndexedDB that outlives what phones do to it: a connection that is lost is opened anew, one that hangs is not waited for. */
import { createStore, type UseStore } from 'idb-keyval';

/** Milliseconds. An original of many megabytes on a slow phone takes some seconds. */
const longestWork = 8_000;

/** Does `work` with the store, once more where it failed. Rejects where it fails again, or neither ends nor fails. */
export type KeptStore = <T>(work: (store: UseStore) => Promise<T>) => Promise<T>;

/** Each needs a database of its own, since one that exists takes no further store. Nothing is opened before the first work. */
export function keptStore(name: string, within: string): KeptStore {
  let store: UseStore | null = null;
  const attempt = <T>(work: (store: UseStore) => Promise<T>): Promise<T> => {
    store ??= createStore(name, within);
    return inTime(work(store), longestWork);
  };
  return async work => {
    try {
      return await attempt(work);
    } catch {
      // An iPhone closes the connection of a page that was away, without a word.
      store = null;
      return attempt(work);
    }
  };
}

/** Rejects when it takes longer than that, in milliseconds. */
export function inTime<T>(work: Promise<T>, longest: number): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error('It took too long.')), longest);
    work.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
