import type { Page } from 'playwright';

/** What a page keeps in each store of its databases, by `database/store`; of what is bytes only that it is there. */
export function storedOn(page: Page): Promise<Record<string, Record<string, unknown>[]>> {
  return page.evaluate(async () => {
    const done = <T>(request: IDBRequest<T>) =>
      new Promise<T>((resolve, reject) => {
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error);
      });
    const withoutBytes = (entry: object) =>
      Object.fromEntries(
        Object.entries(entry).map(([name, value]) => [name, typeof value === 'object' ? null : value]),
      );
    const stores: Record<string, Record<string, unknown>[]> = {};
    for (const { name = '' } of await indexedDB.databases()) {
      const database = await done(indexedDB.open(name));
      for (const store of Array.from(database.objectStoreNames)) {
        const entries: object[] = await done(database.transaction(store).objectStore(store).getAll());
        stores[`${name}/${store}`] = entries.map(withoutBytes);
      }
      database.close();
    }
    return stores;
  });
}

/** How many there are in each. */
export async function countsOn(page: Page): Promise<Record<string, number>> {
  const stores = Object.entries(await storedOn(page));
  return Object.fromEntries(stores.map(([name, entries]) => [name, entries.length]));
}
