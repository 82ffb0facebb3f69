import { useEffect, useMemo, useState } from 'react';
import { fail } from '../../protocol/errors.ts';
import { ScrollFlight } from './scroll-flight.ts';
import type { LoadBlob } from './use-blob-url.ts';

/** Loads nothing while the list flies by, and then what is still wanted: what flies past would take the processor from the flight itself. */
export function useLoadAtRest(load: LoadBlob, scroller: HTMLElement | null): LoadBlob {
  const [flight] = useState(() => new ScrollFlight());
  useEffect(() => (scroller ? flight.watch(scroller) : undefined), [flight, scroller]);
  return useMemo<LoadBlob>(
    () => async (path, signal, version) => {
      await flight.over();
      return signal.aborted ? fail('unavailable', 'No longer wanted.') : load(path, signal, version);
    },
    [flight, load],
  );
}
