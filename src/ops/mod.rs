//! What the commands do, without a terminal: functions that a program can call. They return values and
//! problems, print nothing, and know no flag.

pub mod show;
