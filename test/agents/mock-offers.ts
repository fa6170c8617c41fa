/** What the stand-in for a coding agent offers to choose from when a session begins. */

export const MODELS = {
  id: 'model',
  name: 'Model',
  type: 'select',
  category: 'model',
  currentValue: 'small',
  options: [
    { value: 'small', name: 'Small' },
    { value: 'large', name: 'Large' },
  ],
}

export const MODES = {
  currentModeId: 'ask',
  availableModes: [
    { id: 'ask', name: 'Ask first' },
    { id: 'auto', name: 'By itself' },
  ],
}
