/** Every value that is kept of a location bears this tag, and one of a person that contact's id: whoever is erased is erased by them. */
export const WHOLE_LOCATION = 'all';
