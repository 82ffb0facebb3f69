/** What was begun to be written in one conversation, and where it is kept while the page is loaded again. */
export interface Draft {
  text: string;
}

/** Gone with the page. */
export function memoryDraft(): Draft {
  return { text: '' };
}

/** In sessionStorage or localStorage, under `key`. Where that is full or refuses, it is kept like the one above. */
export function storageDraft(storage: Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>, key: string): Draft {
  let now = storage.getItem(key) ?? '';
  return {
    get text() {
      return now;
    },
    set text(text) {
      now = text;
      try {
        if (text === '') storage.removeItem(key);
        else storage.setItem(key, text);
      } catch {
        // It is in memory still.
      }
    },
  };
}
