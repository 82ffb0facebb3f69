import { useEffect, useEffectEvent, useRef, useSyncExternalStore } from 'react';
import type { Session } from '../../protocol/session.ts';
import type { DeskChats } from '../client/desk-chats.ts';
import { type DeskState, personKey, sessionKey } from '../client/desk-state.ts';
import { useTexts } from '../ui/texts/use-texts.tsx';
import { newestIncoming } from './newest-incoming.ts';
import type { Announcer } from './use-announcer.ts';
import { useNews } from './use-news.ts';

interface Scene {
  state: DeskState;
  chats: DeskChats;
  selected: Session | null;
  /** Whether that one's QR is on the screen. */
  isQrShown: boolean;
  /** By the name that may be named at this moment. */
  named: (key: string, idPersona: string | null) => string;
}

/** Says aloud what has come or changed, and whose it is; not what a log that is in sight reads by itself. */
export function useAnnouncements(announcer: Announcer, { state, chats, selected, isQrShown, named }: Scene): void {
  const { t } = useTexts();
  const say = (text: string) => announcer.say(text, true);
  const { arrived, sessions } = state;
  const isKnown = state.load.status === 'ready';
  const nameOf = (session: Session) => named(sessionKey(session), session.idPersona);

  useNews(arrived?.id ?? null, true, () => {
    if (!arrived) return;
    const { shot, idPersona } = arrived;
    const person = named(personKey(arrived), idPersona);
    say(shot === null ? t('photos.arrived', { person }) : t('photos.arrivedShot', { person, shot }));
  });

  // The keyboard stays in the field, where a bar code reader types the next one.
  useNews(selected && isQrShown ? selected.id : null, isKnown, () => {
    if (selected?.idPersona) say(t('qr.label', { person: nameOf(selected) }));
    else say(t('display.qrLabel'));
  });

  const snapshot = useSyncExternalStore(chats.subscribe, chats.getSnapshot);
  const message = newestIncoming(snapshot);
  useNews(message?.name ?? null, snapshot.load === 'ready', before => {
    if (!message || message.name < (before ?? '') || chats.isLookedAt(message.conversation_id)) return;
    const session = sessions.find(one => one.conversation_id === message.conversation_id);
    say(session ? t('chat.arrived', { person: nameOf(session) }) : t('chat.arrivedGroup'));
  });

  const before = useRef<ReadonlyMap<string, Stage> | null>(null);
  const follow = useEffectEvent(() => {
    const known = before.current;
    const now = sessions.map(session => {
      const stage = stageOf(session, known?.get(session.id), session.id === selected?.id);
      return { session, stage };
    });
    before.current = new Map(now.map(({ session, stage }) => [session.id, stage]));
    for (const { session, stage } of now) {
      const was = known?.get(session.id);
      if (!was || was.name === stage.name || stage.name === 'waiting') continue;
      say(t('session.heard', { what: t(`session.${stage.name}`), person: nameOf(session) }));
    }
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: another session is the reason
  useEffect(() => {
    if (isKnown) follow();
  }, [isKnown, sessions]);
}

interface Stage {
  name: 'waiting' | 'paired' | 'away' | 'connected' | 'ended';
  connected: boolean;
}

/** A phone is away each time that its camera is open: that is told of the one that is looked at alone, and that it is back. */
function stageOf({ status, phone: { connected } }: Session, was: Stage | undefined, isSelected: boolean): Stage {
  if (status === 'disconnected') return { name: 'ended', connected };
  if (status !== 'authenticated') return { name: 'waiting', connected };
  if (!was || was.name === 'waiting' || was.name === 'ended') return { name: 'paired', connected };
  if (was.connected && !connected && isSelected) return { name: 'away', connected };
  if (connected && was.name === 'away') return { name: isSelected ? 'connected' : 'paired', connected };
  return { name: was.name, connected };
}
