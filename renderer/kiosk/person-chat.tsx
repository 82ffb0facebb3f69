import { useState } from 'react';
import type { Session } from '../../protocol/session.ts';
import type { DeskChats } from '../client/desk-chats.ts';
import { ChatDrawer, heights } from '../ui/chat/chat-drawer.tsx';
import { QuickReplies } from '../ui/chat/chat-view.tsx';
import { useTexts } from '../ui/texts/use-texts.tsx';
import type { LoadBlob } from '../ui/use-blob-url.ts';
import { Conversation } from './conversation.tsx';
import type { Notices } from './use-notices.ts';

interface Props {
  chats: DeskChats;
  /** Whose conversation it is; `null` for photos that came without a session. */
  session: Session | null;
  unread: number;
  offline: boolean;
  quickReplies: readonly string[];
  load: LoadBlob;
  notices: Notices;
  onOpenPhoto: (photoId: string) => boolean;
}

const kept = 'mostrador.chat';

/** The chat with the person whose photos are on the screen. */
export function PersonChat({ chats, session, unread, offline, quickReplies, load, notices, onOpenPhoto }: Props) {
  const { t } = useTexts();
  const [place, setPlace] = useState(readPlace);
  const keep = (next: typeof place) => {
    setPlace(next);
    localStorage.setItem(kept, `${next.opened ? 'open' : 'closed'} ${next.height}`);
  };
  const id = session?.conversation_id ?? null;
  const ended = session?.status === 'disconnected';
  if (!session || (ended && id === null)) return null;
  const chat = id === null ? null : chats.open(id);
  return (
    <ChatDrawer
      opened={place.opened}
      height={place.height}
      unread={unread}
      hint={chat ? null : t('chat.notYet')}
      onToggle={() => keep({ ...place, opened: !place.opened })}
      onHeight={height => keep({ ...place, height })}
      bar={!ended && <QuickReplies replies={quickReplies} onSend={text => void chat?.thread.send(text)} />}
    >
      {chat && (
        <Conversation
          key={id}
          chat={chat}
          name="person"
          offline={offline}
          group={false}
          closed={ended ? t('chat.ended') : null}
          nameOf={userId => t(userId === session.id ? 'chat.visitor' : 'chat.desk')}
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
