import { NativeSelect } from '@mantine/core';
import { useState } from 'react';
import type { Session } from '../../protocol/session.ts';
import type { DeskChats } from '../client/desk-chats.ts';
import { ChatDrawer, heights } from '../ui/chat/chat-drawer.tsx';
import { QuickReplies } from '../ui/chat/chat-view.tsx';
import { logTime } from '../ui/format.ts';
import { useTexts } from '../ui/texts/use-texts.tsx';
import type { LoadBlob } from '../ui/use-blob-url.ts';
import { Conversation } from './conversation.tsx';
import type { Notices } from './use-notices.ts';

interface Props {
  chats: DeskChats;
  /** Whose conversation it is; `null` for photos that came without a session. */
  session: Session | null;
  /** The same person's visits before, in which something was written; newest first. */
  earlier: readonly Session[];
  unread: number;
  offline: boolean;
  quickReplies: readonly string[];
  load: LoadBlob;
  notices: Notices;
  onOpenPhoto: (photoId: string) => boolean;
}

const kept = 'mostrador.chat';

/** The chat with the person whose photos are on the screen; that of a visit before can be read. */
export function PersonChat(props: Props) {
  const { chats, session, earlier, unread, offline, quickReplies, load, notices, onOpenPhoto } = props;
  const { t, i18n } = useTexts();
  const [chosen, setChosen] = useState('');
  const [place, setPlace] = useState(readPlace);
  const keep = (next: typeof place) => {
    setPlace(next);
    localStorage.setItem(kept, `${next.opened ? 'open' : 'closed'} ${next.height}`);
  };
  const isUnscanned = session?.status === 'disconnected' && session.conversation_id === null;
  const past = earlier.find(one => one.id === chosen) ?? (isUnscanned ? earlier[0] : undefined);
  const shown = past ?? session;
  if (!session || !shown || (isUnscanned && !past)) return null;
  const id = shown.conversation_id;
  const ended = shown.status === 'disconnected';
  const chat = id === null ? null : chats.open(id);
  return (
    <ChatDrawer
      opened={place.opened}
      height={place.height}
      unread={unread}
      hint={chat ? null : t('chat.notYet')}
      onToggle={() => keep({ ...place, opened: !place.opened })}
      onHeight={height => keep({ ...place, height })}
      bar={
        <>
          {earlier.length > 0 && (
            <NativeSelect
              aria-label={t('chat.visits')}
              data-testid="chat-visit"
              data={[
                ...(isUnscanned ? [] : [{ value: '', label: t('chat.thisVisit') }]),
                ...earlier.map(one => ({
                  value: one.id,
                  label: t('chat.earlierVisit', { time: logTime(one.created_at, i18n.language) }),
                })),
              ]}
              value={past?.id ?? ''}
              onChange={event => setChosen(event.currentTarget.value)}
            />
          )}
          {!ended && <QuickReplies replies={quickReplies} onSend={text => void chat?.thread.send(text)} />}
        </>
      }
    >
      {chat && (
        <Conversation
          key={id}
          chat={chat}
          name="person"
          offline={offline}
          group={false}
          closed={ended ? t(past ? 'chat.earlierEnded' : 'chat.ended') : null}
          nameOf={userId => t(userId === shown.id ? 'chat.visitor' : 'chat.desk')}
          load={load}
          notices={notices}
          onOpenPhoto={onOpenPhoto}
        />
      )}
    </ChatDrawer>
  );
}

function readPlace(): { opened: boolean; height: number } {
  const found = /^(open|closed) (\d{1,3})$/.exec(localStorage.getItem(kept) ?? '');
  const height = Number(found?.[2] ?? heights.first);
  return { opened: found?.[1] !== 'closed', height: Math.min(heights.most, Math.max(heights.least, height)) };
}
