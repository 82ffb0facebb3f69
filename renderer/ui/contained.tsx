import { IconAlertTriangle } from '@tabler/icons-react';
import { Component, type ReactNode } from 'react';
import { StateMessage } from './state-message.tsx';
import { useTexts } from './texts/use-texts.tsx';

interface Props {
  children: ReactNode;
  /** These two are of what stands in its place: where the page puts it, and where a link to it leads. */
  className?: string | undefined;
  id?: string | undefined;
  /** Where nobody stands who could press a button: the page is loaded anew after so many milliseconds. */
  reloadAfterMs?: number | undefined;
}

/** A bug in what is inside takes the place of that part alone, and the rest of the page goes on. (TRUST promise 4.) */
export class Contained extends Component<Props, { hasFailed: boolean }> {
  override state = { hasFailed: false };
  private isSecondTime = false;

  static getDerivedStateFromError(): { hasFailed: true } {
    return { hasFailed: true };
  }

  override componentDidCatch(): void {
    const { reloadAfterMs } = this.props;
    if (reloadAfterMs !== undefined) setTimeout(() => location.reload(), reloadAfterMs);
  }

  /** Drawn anew, nothing is lost that somebody was typing elsewhere; what fails again needs the whole page anew. */
  private readonly again = () => {
    if (this.isSecondTime) return location.reload();
    this.isSecondTime = true;
    this.setState({ hasFailed: false });
  };

  override render(): ReactNode {
    const { className, id, children } = this.props;
    return this.state.hasFailed ? <Failed className={className} id={id} onAgain={this.again} /> : children;
  }
}

function Failed({ className, id, onAgain }: Pick<Props, 'className' | 'id'> & { onAgain: () => void }) {
  const { t } = useTexts();
  return (
    <div id={id} tabIndex={-1} className={className} data-testid="fault">
      <StateMessage
        icon={IconAlertTriangle}
        tone="bad"
        title={t('fault.title')}
        text={t('fault.text')}
        action={{ label: t('app.retry'), onClick: onAgain }}
      />
    </div>
  );
}
