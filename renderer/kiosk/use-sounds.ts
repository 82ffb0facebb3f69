import { useState, useSyncExternalStore } from 'react';
import type { DeskChats } from '../client/desk-chats.ts';
import type { DeskState } from '../client/desk-state.ts';
import type { DeskStore } from '../client/desk-store.ts';
import { newestIncoming } from './newest-incoming.ts';
import { type Tone, tonePlayer } from './tones.ts';
import { useNews } from './use-news.ts';
import type { Notices } from './use-notices.ts';

const kept = 'mostrador.sounds';
const refusals = ['photo_refused', 'photo_quarantined'];

interface Sounds {
  on: boolean;
  toggle: () => void;
}

/** A tone for what has come while the page was open. The switch is the desk's setting, or this machine's where it may not change that. */
export function useSounds(
  store: DeskStore,
  state: DeskState,
  chats: DeskChats,
  notices: Notices,
  storage: Storage,
): Sounds {
  const { settings, arrived, activity } = state;
  const [own, setOwn] = useState(() => storage.getItem(kept));
  const [play] = useState(() => tonePlayer(window));
  const snapshot = useSyncExternalStore(chats.subscribe, chats.getSnapshot);
  const mayChange = settings !== null && !settings.pin_set && settings.fixed.sounds === undefined;
  const on = mayChange || own === null ? (settings?.sounds ?? true) : own === 'on';

  const refusal = activity.lines.findLast(line => refusals.includes(line.kind))?.id ?? null;

  const sound = (tone: Tone) => on && play(tone);
  useNews(arrived?.id ?? null, true, () => sound('photo'));
  const message = newestIncoming(snapshot)?.name ?? null;
  useNews(message, snapshot.load === 'ready', before => (message ?? '') > (before ?? '') && sound('message'));
  useNews(refusal, activity.load.status === 'ready', () => sound('refusal'));

  return {
    on,
    toggle() {
      if (mayChange) return void notices.attempt(store.changeSettings({ sounds: !on }, null));
      storage.setItem(kept, on ? 'off' : 'on');
      setOwn(on ? 'off' : 'on');
    },
  };
}
