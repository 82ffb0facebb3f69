import { Loader, Modal } from '@mantine/core';
import { IconPhotoOff } from '@tabler/icons-react';
import { useState } from 'react';
import type { OpenChat } from '../client/desk-chats.ts';
import { ChatView } from '../ui/chat/chat-view.tsx';
import { ConfirmDialog } from '../ui/confirm-dialog.tsx';
import { StateMessage } from '../ui/state-message.tsx';
import { useTexts } from '../ui/texts/use-texts.tsx';
import { type LoadBlob, useBlobUrl } from '../ui/use-blob-url.ts';
import styles from './conversation.module.css';
import { useChat } from './use-chat.ts';
import type { Notices } from './use-notices.ts';

interface Props {
  chat: OpenChat;
  /** Tells two conversations on one page apart. */
  name: string;
  offline: boolean;
  group: boolean;
  closed: string | null;
  nameOf: (userId: string) => string;
  load: LoadBlob;
  notices: Notices;
  /** Answers whether it shows that photo itself. */
  onOpenPhoto?: (photoId: string) => boolean;
}

/** A conversation with what stands around it: the question before deleting, a picture in large. */
export function Conversation({ chat, name, offline, group, closed, nameOf, load, notices, onOpenPhoto }: Props) {
  const { t } = useTexts();
  const [deleting, setDeleting] = useState<string | null>(null);
  const [image, setImage] = useState<string | null>(null);
  const openImage = (url: string) => {
    const photo = /^\/api\/photos\/([0-9a-f-]{36})$/.exec(url)?.[1];
    if (photo === undefined || !onOpenPhoto?.(photo)) setImage(url);
  };
  const page = { load, notices, onDelete: setDeleting, onOpenImage: openImage };
  const { snapshot, files, actions } = useChat(chat, page);
  return (
    <>
      <ChatView
        thread={snapshot}
        attachments={files}
        offline={offline}
        group={group}
        closed={closed}
        name={name}
        draft={chat.draft}
        nameOf={nameOf}
        load={load}
        actions={actions}
      />
      <ConfirmDialog
        about={deleting}
        title={t('chat.deleteTitle')}
        text={t('chat.deleteText')}
        action={t('chat.delete')}
        onConfirm={id => notices.attempt(chat.thread.remove(id))}
        onClose={() => setDeleting(null)}
      />
      <Modal
        opened={image !== null}
        onClose={() => setImage(null)}
        title={t('chat.image')}
        size="auto"
        centered
        closeButtonProps={{ 'aria-label': t('app.close') }}
      >
        {image !== null && <Picture url={image} load={load} />}
      </Modal>
    </>
  );
}

function Picture({ url, load }: { url: string; load: LoadBlob }) {
  const { t } = useTexts();
  const image = useBlobUrl(url, '', load);
  if (image.state === 'loading') return <Loader aria-label={t('lightbox.loading')} />;
  if (image.state === 'failed') return <StateMessage icon={IconPhotoOff} title={t('chat.imageGone')} />;
  return <img className={styles.picture} src={image.url} alt={t('chat.image')} />;
}
