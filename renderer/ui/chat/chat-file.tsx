import { Skeleton, UnstyledButton } from '@mantine/core';
import { IconDownload, IconFileText, IconMusic, IconPhotoOff } from '@tabler/icons-react';
import type { MessageType } from '../../../protocol/chat.ts';
import { useTexts } from '../texts/use-texts.tsx';
import { type LoadBlob, useBlobUrl } from '../use-blob-url.ts';
import type { ChatActions } from './chat-actions.ts';
import styles from './chat-message.module.css';

interface Props {
  url: string;
  name: string;
  type: MessageType;
  load: LoadBlob;
  actions: ChatActions;
}

/** Ours, fetched with the token; what older programs put elsewhere is only a link. */
const ours = /^\/api\/(?:files|photos)\/[0-9a-f-]{36}$/;

/** What a message carries: a picture that opens, or a card that saves. */
export function ChatFile({ url, name, type, load, actions }: Props) {
  const { t } = useTexts();
  if (!ours.test(url)) {
    return (
      <p className={styles.text}>
        {name}{' '}
        {/^https?:/i.test(url) ? (
          <a href={url} target="_blank" rel="noreferrer noopener">
            {url}
          </a>
        ) : (
          url
        )}
      </p>
    );
  }
  if (type === 'imagen') return <ChatImage url={url} name={name} load={load} actions={actions} />;
  const Picture = type === 'audio' ? IconMusic : IconFileText;
  return (
    <UnstyledButton
      className={styles.file}
      data-testid="chat-file"
      aria-label={t('chat.save', { name })}
      onClick={() => actions.onSaveFile(url, name)}
    >
      <Picture size={28} stroke={1.5} aria-hidden />
      <span className={styles.fileName}>{name}</span>
      <IconDownload size={20} aria-hidden />
    </UnstyledButton>
  );
}

function ChatImage({ url, name, load, actions }: Omit<Props, 'type'>) {
  const { t } = useTexts();
  const image = useBlobUrl(url.startsWith('/api/photos/') ? `${url}/thumb` : url, '', load);
  if (image.state === 'failed') {
    return (
      <span className={styles.gone}>
        <IconPhotoOff size={24} stroke={1.5} aria-hidden />
        {t('chat.imageGone')}
      </span>
    );
  }
  return (
    <UnstyledButton
      className={styles.image}
      data-testid="chat-image"
      aria-label={t('chat.openImage', { name })}
      onClick={() => actions.onOpenImage(url)}
    >
      {image.state === 'loading' ? (
        <Skeleton className={styles.picture} />
      ) : (
        <img className={styles.picture} src={image.url} alt="" />
      )}
    </UnstyledButton>
  );
}
