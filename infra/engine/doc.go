// Package engine has no code: its tests hold the booking engine to what it promises when many act at once. Parents, agents and
// workers meet on the real store and table, each town in a table of its own, on which no platform works.
package engine
