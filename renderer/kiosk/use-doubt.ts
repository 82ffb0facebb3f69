import { useEffect, useRef, useState } from 'react';
import type { Session } from '../../protocol/session.ts';
import type { DeskStore } from '../client/desk-store.ts';
import type { Doubt } from '../ui/doubt-dialog.tsx';
import type { Scan } from '../ui/person-form.tsx';
import { photosIn } from '../ui/photos-in.ts';

interface Doubts {
  /** What is asked now. */
  doubt: Doubt | null;
  /** The idPersona to go on with; `null`: with none. `session`: what is to be assigned; `null`: a QR is asked for. */
  whoIsMeant: (typed: string, session: Session | null) => Promise<string | null>;
  /** Goes on with none. */
  leave: () => void;
}

/** Asks whom somebody means who types the idPersona of a person that the server knows, or nearly so. A code that is read ends the question. */
export function useDoubt(store: DeskStore, scan: Scan | null): Doubts {
  const [doubt, setDoubt] = useState<Doubt | null>(null);
  const newest = useRef(scan);

  const leave = () => {
    doubt?.answer(null);
    setDoubt(null);
  };
  // biome-ignore lint/correctness/useExhaustiveDependencies: another reading is the reason
  useEffect(() => {
    newest.current = scan;
    leave();
  }, [scan]);

  const whoIsMeant = async (typed: string, session: Session | null) => {
    if (typed === session?.idPersona) return typed;
    const before = newest.current;
    const known = (await store.likeNamed(typed)).filter(one => one.idPersona !== session?.idPersona);
    if (newest.current !== before) return null;
    const same = known.find(one => one.idPersona === typed);
    // That somebody comes again is the usual case of a QR; what is assigned joins the photos that are there.
    const doubted = same ? (session && photosIn(same) > 0 ? same : undefined) : known[0];
    if (!doubted) return typed;
    return new Promise<string | null>(answer => setDoubt({ typed, known: doubted, answer }));
  };
  return { doubt, whoIsMeant, leave };
}
