import { Modal, type ModalOverlayProps, type ModalRootProps } from '@mantine/core';
import styles from './long-dialog.module.css';
import { useTexts } from './texts/use-texts.tsx';

interface Props extends ModalRootProps {
  title: string;
  /** Instead of the usual distance from the edges. */
  bodyClass?: string | undefined;
  overlayProps?: ModalOverlayProps;
}

/** A dialog with much in it. Mantine's own names its whole body as the description, and all of that is read out when it opens. */
export function LongDialog({ title, bodyClass = styles.body, overlayProps, children, ...root }: Props) {
  const { t } = useTexts();
  return (
    <Modal.Root {...root}>
      <Modal.Overlay backgroundOpacity={0.55} {...overlayProps} />
      <Modal.Content radius="lg">
        {/* A <header> would be heard as a second banner of the page. */}
        <Modal.Header role="presentation">
          <Modal.Title>{title}</Modal.Title>
          <Modal.CloseButton size={44} aria-label={t('app.close')} />
        </Modal.Header>
        <div className={bodyClass}>{children}</div>
      </Modal.Content>
    </Modal.Root>
  );
}
