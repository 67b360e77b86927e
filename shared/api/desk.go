package api

// Desk is what an agent begins the day with: GET /v1/collectivities/{slug}/desk.
type Desk struct {
	Name string `json:"name"` // the agent's
	AgentRight
	Today   []string `json:"today"`             // ids of the activities of the agent's scope that take place today
	Waiting *Waiting `json:"waiting,omitempty"` // for agents of all activities and schools
}

// Waiting is how much waits for a decision in the whole town.
type Waiting struct {
	Changes  int `json:"changes"`
	Requests int `json:"requests"`
}
