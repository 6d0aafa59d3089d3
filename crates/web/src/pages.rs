//! Pages: one file for each noun and action, with the struct that holds all a page needs and its template beside it.

pub(crate) mod api_show;
pub(crate) mod ballot_cast;
pub(crate) mod candidacy_step;
pub(crate) mod constitution_show;
pub(crate) mod decision_list;
pub(crate) mod decision_show;
pub(crate) mod document_show;
pub(crate) mod error_show;
pub(crate) mod fork_show;
pub(crate) mod found_show;
mod frame;
pub(crate) mod home_show;
pub(crate) mod invitation_list;
pub(crate) mod invitation_open;
pub(crate) mod item_cast;
pub(crate) mod kernel_step;
pub(crate) mod log_list;
pub(crate) mod me_show;
pub(crate) mod member_list;
pub(crate) mod member_show;
pub(crate) mod money_show;
pub(crate) mod power_show;
pub(crate) mod propose_show;
pub(crate) mod ranking_show;
pub(crate) mod session_end;
pub(crate) mod update_run;
pub(crate) mod walk_in_show;

pub(crate) use frame::{Asked, Frame, render, see};
pub(crate) use invitation_list::values;
