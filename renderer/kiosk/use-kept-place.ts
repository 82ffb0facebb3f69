import { useEffect, useRef, useState } from 'react';
import type { Session } from '../../protocol/session.ts';
import type { DeskState, Person } from '../client/desk-state.ts';
import type { DeskStore } from '../client/desk-store.ts';

/** What is kept is an id, never an idPersona: a browser's storage is read by whoever sits down at it. */
const sessionKept = 'mostrador.session';
const tabKept = 'mostrador.tab';

/** Which session and which tab are on the screen: after a reload the same ones, where they still exist. */
export function useKeptPlace(store: DeskStore, state: DeskState, storage: Storage) {
  const [selectedId, setSelectedId] = useState(() => storage.getItem(sessionKept));
  const tabBefore = useRef(storage.getItem(tabKept));
  const ready = state.load.status === 'ready';
  const selected: Session | null = state.sessions.find(session => session.id === selectedId) ?? null;
  const tab = idOf(state.people.find(person => person.key === state.viewed));

  // Once, as soon as it is known who there is.
  const { people, viewed } = state;
  useEffect(() => {
    const before = tabBefore.current;
    if (!ready || before === null) return;
    tabBefore.current = null;
    const person = people.find(one => one.session?.id === before || one.photos.some(photo => photo.id === before));
    if (person && viewed === null) store.view(person.key);
  }, [ready, people, viewed, store]);

  // Until then what there is says nothing about what there was.
  useEffect(() => {
    if (!ready) return;
    keep(storage, sessionKept, selected?.id ?? null);
    keep(storage, tabKept, tab);
  }, [ready, selected?.id, tab, storage]);

  return { selected, setSelectedId };
}

/** What a tab is found again by: its session, or one of its photos. */
function idOf(person: Person | undefined): string | null {
  return person?.session?.id ?? person?.photos[0]?.id ?? null;
}

function keep(storage: Storage, key: string, id: string | null): void {
  if (id === null) storage.removeItem(key);
  else storage.setItem(key, id);
}
