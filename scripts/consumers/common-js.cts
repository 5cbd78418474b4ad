// A project that still says `require` finds the same types.

import auth = require('countersign')
import verify = require('@countersign/verify')

export { auth, verify }
