/** @jsxImportSource preact */
import { Component, type ComponentChildren } from 'preact';

interface Props {
  children: ComponentChildren;
  /** What takes its place; `again` draws what is inside anew, and the whole page where that has failed before. */
  instead: (again: () => void) => ComponentChildren;
}

/** A bug in what is inside takes the place of that part alone: photos go on being sent. (TRUST promise 4.) */
export class Contained extends Component<Props, { hasFailed: boolean }> {
  override state = { hasFailed: false };
  private isSecondTime = false;

  static override getDerivedStateFromError(): { hasFailed: true } {
    return { hasFailed: true };
  }

  private readonly again = () => {
    if (this.isSecondTime) return location.reload();
    this.isSecondTime = true;
    this.setState({ hasFailed: false });
  };

  override render() {
    return this.state.hasFailed ? this.props.instead(this.again) : this.props.children;
  }
}
