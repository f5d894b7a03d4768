'use client';

interface CheckboxProps {
  readonly checked: boolean;
  readonly mixed?: boolean;
  readonly label: string;
  /** `shift` tells whether that key was held. */
  readonly onChange: (shift: boolean) => void;
}

export function Checkbox({ checked, mixed = false, label, onChange }: CheckboxProps) {
  return (
    <input
      type="checkbox"
      aria-label={label}
      checked={checked}
      ref={(input) => {
        if (input) input.indeterminate = mixed;
      }}
      // With Shift a browser would mark the text of all rows in between.
      onMouseDown={(event) => event.shiftKey && event.preventDefault()}
      onChange={(event) => onChange((event.nativeEvent as MouseEvent).shiftKey === true)}
      className="size-3.5 cursor-pointer accent-accent"
    />
  );
}
