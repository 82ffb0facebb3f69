/** Takes turns: what has the same name happens one after the other, everything else at once. */
export type InTurn = <T>(name: string, work: () => Promise<T>) => Promise<T>;

export function createTurns(): InTurn {
  const busy = new Map<string, Promise<unknown>>();
  return async (name, work) => {
    const mine = (busy.get(name) ?? Promise.resolve()).then(work);
    const quiet = mine.catch(() => undefined);
    busy.set(name, quiet);
    try {
      return await mine;
    } finally {
      if (busy.get(name) === quiet) busy.delete(name);
    }
  };
}
